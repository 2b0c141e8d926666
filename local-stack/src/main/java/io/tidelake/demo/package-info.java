/**
 * The demo: local stack, order system, jobs, a screen, and the comparison of every layer with a
 * truth of another origin.
 *
 * <p>May contain nothing that the product needs.
 */
package io.tidelake.demo;
