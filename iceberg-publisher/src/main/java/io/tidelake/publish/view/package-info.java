/**
 * Views for readers that hide deleted rows, in a Hive Metastore or in Iceberg's own views.
 *
 * <p>May not read data.
 */
package io.tidelake.publish.view;
