/**
 * Dead letters: records that could not be used, kept with reason and place; listing and replaying
 * them.
 *
 * <p>May not decide what a dead letter is; whoever reads records does.
 */
package io.tidelake.streaming.deadletter;
