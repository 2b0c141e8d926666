/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import java.io.Serializable;
import java.time.ZoneId;
import java.util.Set;

/**
 * How the change events of a source table are read.
 *
 * @param keyColumns key of the table that the events go to: without one of them an event is of no
 *     use, and an update that changes one is a delete and a create
 * @param zone in which the source writes its DATETIMEs
 * @param instantColumns columns that are instants whatever the zone
 * @param strict whether an event that lacks a column, or has a new one, ends the job
 */
record ChangeEventOptions(
    Set<String> keyColumns, ZoneId zone, Set<String> instantColumns, boolean strict)
    implements Serializable {}
