/**
 * Scalar functions over versions: making one of a time, and taking one apart.
 *
 * <p>What they decide, they ask of {@code io.tidelake.merge.law}.
 */
package io.tidelake.merge.function.version;
