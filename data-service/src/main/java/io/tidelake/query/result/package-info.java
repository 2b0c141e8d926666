/**
 * Results in each format: tables for people, CSV, JSON, Markdown; values as text.
 *
 * <p>May not know where rows come from.
 */
package io.tidelake.query.result;
