/**
 * Finds the project that a command is about: a folder with a {@code lake.yaml}.
 *
 * <p>May not read what is in it.
 */
package io.tidelake.project;
