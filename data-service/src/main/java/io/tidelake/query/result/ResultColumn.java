/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

/**
 * A column of a result.
 *
 * @param name its label
 * @param type Trino's name of its type, for example {@code decimal(12,2)}
 * @param isNumber whether its values are numbers
 */
public record ResultColumn(String name, String type, boolean isNumber) {}
