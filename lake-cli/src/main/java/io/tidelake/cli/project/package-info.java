/**
 * Commands that make projects, and what a new one holds.
 *
 * <p>May not know what the SQL of a project says: that is written by the classes of sources.
 */
package io.tidelake.cli.project;
