/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.workload.RowChange.Operation;
import io.tidelake.workload.SourceRow.FulfillmentOrder;
import io.tidelake.workload.SourceRow.LogisticsEvent;
import io.tidelake.workload.SourceRow.Merchant;
import io.tidelake.workload.SourceRow.TradeOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WorkloadTest {

  @Property(seed = "20260617", tries = 20)
  void equalOptionsGiveEqualTransactions(@ForAll long seed) {
    assertThat(transactions(seed, 40)).isEqualTo(transactions(seed, 40));
  }

  @Property(seed = "20260617", tries = 20)
  void isWhatADatabaseAccepts(@ForAll long seed) {
    Map<List<Object>, SourceRow> held = new HashMap<>();
    for (RowChange change : changes(seed, 60)) {
      List<Object> key = List.of(change.row().getClass(), change.row().key());
      if (change.operation() == Operation.INSERT) {
        assertThat(held.put(key, change.row())).as("inserted twice: " + change).isNull();
      } else {
        assertThat(held).as("not there: " + change).containsKey(key);
        if (change.operation() == Operation.DELETE) {
          assertThat(held.remove(key)).as("deleted as it was").isEqualTo(change.row());
        } else {
          held.put(key, change.row());
        }
      }
    }
  }

  @Property(seed = "20260617", tries = 20)
  void updatesOfARowNeverGoBackInTime(@ForAll long seed) {
    Map<List<Object>, Comparable<Object>> last = new HashMap<>();
    for (RowChange change : changes(seed, 60)) {
      @SuppressWarnings("unchecked")
      Comparable<Object> updated = (Comparable<Object>) change.row().values().get("updated_at");
      Comparable<Object> before =
          last.put(List.of(change.row().getClass(), change.row().key()), updated);
      if (before != null) {
        assertThat(before.compareTo(updated)).as(change.toString()).isLessThanOrEqualTo(0);
      }
    }
  }

  @Test
  void holdsEverythingAnOrderSystemDoes() {
    List<RowChange> changes = changes(5, 1500);
    Set<String> lines = new HashSet<>();
    Set<String> directions = new HashSet<>();
    Map<Long, Set<Integer>> warehouses = new HashMap<>();
    Set<Long> ordered = new HashSet<>();
    boolean lateMerchant = false;
    boolean lateScan = false;
    boolean withdrawn = false;
    boolean purged = false;
    boolean cancelledOnTheWay = false;
    for (RowChange change : changes) {
      if (change.row() instanceof TradeOrder order) {
        ordered.add(order.merchantId());
        purged |= change.operation() == Operation.DELETE;
      } else if (change.row() instanceof Merchant merchant) {
        lateMerchant |=
            change.operation() == Operation.INSERT && ordered.contains(merchant.merchantId());
      } else if (change.row() instanceof FulfillmentOrder parcel) {
        lines.add(parcel.businessLine());
        directions.add(parcel.direction());
        if (parcel.warehouseId() != null) {
          warehouses
              .computeIfAbsent(parcel.fulfillmentId(), id -> new HashSet<>())
              .add(parcel.warehouseId());
        }
        cancelledOnTheWay |= "lost or refused on the way".equals(parcel.cancelReason());
      } else if (change.row() instanceof LogisticsEvent scan) {
        lateScan |= scan.receivedAt().isAfter(scan.eventTime().plusSeconds(3600));
        withdrawn |= change.operation() == Operation.DELETE;
      }
    }
    assertThat(lines).containsExactlyInAnyOrder("domestic", "import", "export");
    assertThat(directions).containsExactlyInAnyOrder("inbound", "outbound");
    assertThat(warehouses.values()).as("re-assigned").anyMatch(ids -> ids.size() > 1);
    assertThat(List.of(lateMerchant, lateScan, withdrawn, purged, cancelledOnTheWay))
        .containsOnly(true);
  }

  @Test
  void truthFollowsTheLatestScanAndItsWithdrawal() {
    Truth truth = new Truth();
    List<RowChange> all = changes(11, 300);
    truth.apply(all);
    assertThat(truth.changes()).isEqualTo(all.size());
    assertThat(truth.fulfillments()).hasSize(truth.rows(FulfillmentOrder.class));
    assertThat(truth.scans()).hasSize(truth.rows(LogisticsEvent.class));
    truth
        .fulfillments()
        .values()
        .forEach(
            row ->
                assertThat(row.get("outbound_station"))
                    .as("station without a time: " + row)
                    .satisfies(
                        station ->
                            assertThat(station == null).isEqualTo(row.get("outbound_at") == null)));
  }

  /** Of two scans of one time the first is withdrawn before the second is reported. */
  @Test
  void truthKnowsWhichOfTwoScansOfOneTimeIsTheLater() {
    WorkloadOptions options =
        new WorkloadOptions(1597000964668749650L, 160, LocalDate.parse("2026-06-17"), 3, 40);
    assertThat(Truth.of(options).fulfillments().get(10001373L))
        .containsEntry("outbound_at", Instant.parse("2026-06-19T04:07:56.418318Z"))
        .containsEntry("outbound_station", "Station 6");
  }

  private static List<List<RowChange>> transactions(long seed, int orders) {
    List<List<RowChange>> transactions = new ArrayList<>();
    new Workload(WorkloadOptions.of(seed, orders)).forEachRemaining(transactions::add);
    return transactions;
  }

  private static List<RowChange> changes(long seed, int orders) {
    return transactions(seed, orders).stream().flatMap(List::stream).toList();
  }
}
