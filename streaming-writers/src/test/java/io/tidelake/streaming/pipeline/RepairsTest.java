/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.streaming.TestLake;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairsTest {

  private static final String DAY = "2026-06-01";
  private static final String NAMES =
      "fulfillment_id, merchant_name, merchant_category, region_name, warehouse_name, carrier_name";
  private static final String VERSIONS = "fulfillment_id, order_version, fulfillment_version";
  private static final String FACTS =
      """
      ods_trade_order: dt = '2026-06-01', order_id = 1, merchant_id = 100, region_id = 3, fulfillment_ids = '1,2', created_at = '2026-06-01 08:00:00', updated_at = '2026-06-01 08:00:00'
      ods_fulfillment_order: dt = '2026-06-01', fulfillment_id = 1, order_id = 1, business_line = 'domestic', direction = 'outbound', warehouse_id = 1, carrier_id = 5, updated_at = '2026-06-01 08:30:00'
      """;

  @TempDir private Path folder;

  @Test
  void namesFollowTheDimensionsAndSecondRunFindsNothing() throws Exception {
    try (TestLake lake = TestLake.create(folder)) {
      lake.insert(FACTS);
      lake.compact();
      lake.runInBatch("dwd_fulfillment_wide");
      assertNames(
          lake, "1 | NULL | NULL | NULL | NULL | NULL", "2 | NULL | NULL | NULL | NULL | NULL");
      List<String> versions = lake.rows("dwd_fulfillment_wide", VERSIONS, DAY);

      assertThat(repair(lake)).as("repair without dimension rows").isFalse();

      lake.insert(
          """
          dim_merchant: merchant_id = 100, merchant_name = 'Tea & Co', category = 'food', updated_at = '2026-06-02 00:00:00'
          dim_region: region_id = 3, region_name = 'Coast', updated_at = '2026-06-02 00:00:00'
          dim_warehouse: warehouse_id = 1, warehouse_name = 'North', updated_at = '2026-06-02 00:00:00'
          dim_carrier: carrier_id = 5, carrier_name = 'Swift', updated_at = '2026-06-02 00:00:00'
          """);
      assertThat(repair(lake)).as("repair after the dimensions came").isTrue();
      assertNames(
          lake,
          "1 | Tea & Co | food | Coast | North | Swift",
          "2 | Tea & Co | food | Coast | NULL | NULL");
      assertThat(repair(lake)).as("second repair").isFalse();

      lake.insert(
          """
          dim_merchant: merchant_id = 100, merchant_name = 'Tea GmbH', category = 'food', updated_at = '2026-06-03 00:00:00'
          dim_carrier: carrier_id = 5, carrier_name = 'Swift 🚚', updated_at = '2026-06-03 00:00:00'
          dim_carrier: carrier_id = 6, carrier_name = 'nobody uses it', updated_at = '2026-06-03 00:00:00'
          """);
      assertThat(repair(lake)).as("repair after a rename").isTrue();
      assertNames(
          lake,
          "1 | Tea GmbH | food | Coast | North | Swift 🚚",
          "2 | Tea GmbH | food | Coast | NULL | NULL");
      assertThat(repair(lake)).as("second repair after a rename").isFalse();
      assertThat(lake.rows("dwd_fulfillment_wide", VERSIONS, DAY))
          .as("versions are those of the facts, so that a newer fact still wins")
          .isEqualTo(versions);
    }
  }

  private static boolean repair(TestLake lake) throws Exception {
    lake.compact();
    boolean mended = lake.repairs().run(lake.catalog());
    lake.compact();
    return mended;
  }

  private static void assertNames(TestLake lake, String... rows) {
    assertThat(lake.rows("dwd_fulfillment_wide", NAMES, DAY)).containsExactly(rows);
  }
}
