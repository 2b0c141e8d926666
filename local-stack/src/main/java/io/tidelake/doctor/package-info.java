/**
 * What is missing or wrong on this machine, in the installation, in a project and at the servers
 * that it names ({@code lake doctor}).
 *
 * <p>May only look, and needs nothing to be right: what a check cannot do is what it finds. How the
 * lake that runs is, {@code io.tidelake.health} says.
 */
package io.tidelake.doctor;
