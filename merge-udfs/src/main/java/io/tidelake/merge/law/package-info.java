/**
 * The merge law, in plain Java: {@link io.tidelake.merge.law.Version} is the order of two versions,
 * and the only place that knows how a version is made of a time, an origin and an attempt. {@link
 * io.tidelake.merge.law.ColumnGroups} says which columns one version orders; {@link
 * io.tidelake.merge.law.Cumulative} adds up changes by the same order.
 *
 * <p>May not depend on Flink, Paimon or anything else: whoever wants to know what wins reads this
 * package and nothing more.
 */
package io.tidelake.merge.law;
