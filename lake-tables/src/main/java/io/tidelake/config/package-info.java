/**
 * The configuration and the project's folders: {@link io.tidelake.config.LakeConfig} is {@code
 * lake.yaml} as values, {@link io.tidelake.config.LakeHome} says where the files of tables,
 * sources, pipelines, mappings and queries lie.
 *
 * <p>May not open or check anything that the configuration names; each concern does that for its
 * own section.
 */
package io.tidelake.config;
