/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import io.tidelake.merge.law.Version;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.PaimonRows;
import io.tidelake.workload.SourceRow.Carrier;
import io.tidelake.workload.SourceRow.FulfillmentOrder;
import io.tidelake.workload.SourceRow.TimeoutRule;
import io.tidelake.workload.SourceRow.Warehouse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataField;

/**
 * The tables of a workload as its truth says they are, without the jobs that would compute them:
 * the wide fact, the scans and two dimensions. Written again after more of the workload, rows
 * change in place.
 */
public final class WorkloadTables {

  private final WorkloadOptions options;
  private final Workload workload;
  private final Truth truth = new Truth();

  public WorkloadTables(WorkloadOptions options) {
    this.options = options;
    workload = new Workload(options);
  }

  /**
   * Lets the workload go on until, in its second half, a parcel is about to get another warehouse
   * or carrier.
   */
  public void advanceToReassignment() {
    int transactions = transactionsBeforeReassignment();
    for (int i = 0; i < transactions; i++) {
      truth.apply(workload.next());
    }
  }

  private int transactionsBeforeReassignment() {
    List<List<RowChange>> all = new ArrayList<>();
    new Workload(options).forEachRemaining(all::add);
    Map<Long, List<Integer>> assignments = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      for (RowChange change : all.get(i)) {
        if (change.row() instanceof FulfillmentOrder parcel && parcel.warehouseId() != null) {
          List<Integer> now = List.of(parcel.warehouseId(), parcel.carrierId());
          List<Integer> before = assignments.put(parcel.fulfillmentId(), now);
          if (i > all.size() / 2 && before != null && !before.equals(now)) {
            return i;
          }
        }
      }
    }
    throw new IllegalStateException("No parcel is assigned anew in the second half: " + options);
  }

  /** Lets the workload go on to its end. */
  public void finish() {
    workload.forEachRemaining(truth::apply);
  }

  /** What should be known. */
  public Truth truth() {
    return truth;
  }

  /** Writes all rows, a commit per table. */
  public void write(LakeCatalog catalog) throws Exception {
    write(catalog.table("dwd_fulfillment_wide"), truth.fulfillments().values());
    write(catalog.table("dwd_logistics_event"), truth.scans().values());
    write(catalog.table("dim_warehouse"), truth.mirrored(Warehouse.class));
    write(catalog.table("dim_carrier"), truth.mirrored(Carrier.class));
    write(catalog.table("dim_timeout_rule"), truth.mirrored(TimeoutRule.class));
  }

  private void write(FileStoreTable table, Collection<Map<String, Object>> rows) throws Exception {
    List<InternalRow> converted = new ArrayList<>();
    for (Map<String, Object> values : rows) {
      GenericRow row = new GenericRow(table.rowType().getFieldCount());
      for (int i = 0; i < row.getFieldCount(); i++) {
        DataField field = table.rowType().getFields().get(i);
        Object value =
            field.name().endsWith("_version")
                ? version(field.name(), values)
                : values.get(field.name());
        row.setField(i, PaimonRows.value(value, field.type()));
      }
      converted.add(row);
    }
    PaimonRows.write(table, converted);
  }

  /** Of every third parcel only a snapshot knew the order, and every fourth was corrected. */
  private Long version(String group, Map<String, Object> row) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, workload.now());
    long parcel = row.get("fulfillment_id") instanceof Long id ? id : 0;
    return switch (group) {
      case "order_version" ->
          parcel % 3 == 0 ? Version.snapshot(micros, 1) : Version.realTime(micros, 0);
      case "fulfillment_version" ->
          parcel % 4 == 0 ? Version.correction(micros, 0) : Version.realTime(micros, 7);
      case "customs_version" ->
          row.get("declared_at") == null ? null : Version.realTime(micros, 767);
      case "outbound_version", "picked_up_version", "out_for_delivery_version", "signed_version" ->
          row.get(group.replace("_version", "_at")) == null ? null : Version.realTime(micros, 0);
      default -> Version.realTime(micros, 0);
    };
  }
}
