/**
 * Showing one Paimon table as an Iceberg table. {@code TableFollower} decides at each look what to
 * do. {@code TableContent} is the files of a snapshot, {@code FileMirror} how Iceberg sees them,
 * {@code FileChanges} what differs from what is shown; {@code IcebergCommitter} makes one commit of
 * that, with a checked number of rows, and {@code TagMirror} one of the tags. {@code ExpiryGuard}
 * keeps files that readers need, {@code FileSweep} removes those that no reader needs.
 *
 * <p>May not know other tables or threads.
 */
package io.tidelake.publish.mirror;
