/**
 * The folders of a project: where the files of tables, sources, pipelines, mappings and queries
 * lie.
 *
 * <p>May not read what is in them.
 */
package io.tidelake.project;
