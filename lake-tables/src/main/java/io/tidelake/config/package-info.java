/**
 * The configuration: {@link io.tidelake.config.LakeConfig} is {@code lake.yaml} as values, a record
 * for each section ({@code …Config}). Each {@code Setting} describes itself: text, default, bounds;
 * {@code ConfigReader} reads by them, and docs/configuration.md is made of them.
 *
 * <p>May not open or check anything that the configuration names; each concern does that for its
 * own section.
 */
package io.tidelake.config;
