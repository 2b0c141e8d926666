/**
 * What is kept beside a job's checkpoints: a fingerprint of what the state was made by, and where
 * it may be resumed. A state that does not fit is told from one that does.
 *
 * <p>May not start anything.
 */
package io.tidelake.streaming.state;
