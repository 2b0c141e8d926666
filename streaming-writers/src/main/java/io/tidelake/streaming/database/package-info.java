/**
 * The source database as change capture finds it: its tables, their columns, its log.
 *
 * <p>May not know the files of a project, nor judge what it finds: that is done with the sources.
 */
package io.tidelake.streaming.database;
