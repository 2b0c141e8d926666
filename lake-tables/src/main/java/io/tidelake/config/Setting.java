/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one setting of the configuration, a component of a record. Its name is that of the
 * component in lower case with hyphens, its type the component's. The reader of the file takes the
 * default and the bounds from here, and docs/configuration.md is made of it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {

  /** What it sets, with units. */
  String value();

  /** The value when the file has none, as it would be written there; empty for none. */
  String fallback() default "";

  /** Whether the file must have it. */
  boolean required() default false;

  /** Whether a section that the file does not have is NULL, rather than one of defaults. */
  boolean optional() default false;

  /** The least value, as it would be written; empty for no bound. */
  String min() default "";

  /** The greatest value, as it would be written; empty for no bound. */
  String max() default "";

  /** A value to show in the docs. */
  String example() default "";
}
