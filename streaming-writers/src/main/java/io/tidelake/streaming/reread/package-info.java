/**
 * Reading tables again from the source beside the running stream ({@code lake sources reread}):
 * ordering it from change capture, waiting, deleting what the source has no more, and giving up
 * what stands.
 *
 * <p>May not stop jobs or touch tables that no source feeds.
 */
package io.tidelake.streaming.reread;
