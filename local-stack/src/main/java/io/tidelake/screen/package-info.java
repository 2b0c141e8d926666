/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What people look at while something runs: how far it is and how long it will still take.
 *
 * <p>May not know what runs: demos, backfills and queries say it in their own words.
 */
package io.tidelake.screen;
