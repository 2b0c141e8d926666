/**
 * Showing one Paimon table as an Iceberg table: which files a snapshot consists of, what differs
 * from what is shown, one commit of the difference with a checked number of rows, and the removal
 * of files that no reader needs.
 *
 * <p>May not know other tables or threads.
 */
package io.tidelake.publish.mirror;
