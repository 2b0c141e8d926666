/**
 * Reading tables again from the source beside the running stream ({@code lake sources reread}).
 * Commands call {@link io.tidelake.streaming.reread.Reread}. It writes runs and orders into the
 * log, which lies in Kafka ({@code RereadRun}, {@code RereadLog}, {@code RereadState}), has change
 * capture begin ({@code RereadBeginning}, {@code RereadCapture}), waits until it has read ({@code
 * RereadCompletion}), and settles the rows in the lake, where it deletes what the source has no
 * more ({@code RereadSettlement}).
 *
 * <p>May not stop jobs or touch tables that no source feeds.
 */
package io.tidelake.streaming.reread;
