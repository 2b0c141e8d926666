/**
 * The health of everything that the lake needs, and what to do about each finding ({@code lake
 * status}): servers, jobs, change capture, tables, the publisher.
 *
 * <p>May only look. Each question has a bound.
 */
package io.tidelake.health;
