/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

/**
 * A column of a table.
 *
 * @param name its name
 * @param type its SQL type as Paimon writes it, {@code NOT NULL} included
 * @param comment what it means; empty when nothing is said
 * @param renamedFrom its former name; NULL unless the file says {@code -- renamed from <name>}
 */
public record Column(String name, String type, String comment, String renamedFrom) {}
