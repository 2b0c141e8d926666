/**
 * The order system: a source database of the shipped project with orders that live, and the truth
 * that its history leads to. Load tests and tests run it.
 *
 * <p>May not read the lake, so that it can be its judge.
 */
package io.tidelake.workload;
