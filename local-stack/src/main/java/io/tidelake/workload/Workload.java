package io.tidelake.workload;

import io.tidelake.workload.SourceRow.Carrier;
import io.tidelake.workload.SourceRow.CustomsDeclaration;
import io.tidelake.workload.SourceRow.FulfillmentOrder;
import io.tidelake.workload.SourceRow.LogisticsEvent;
import io.tidelake.workload.SourceRow.Merchant;
import io.tidelake.workload.SourceRow.Region;
import io.tidelake.workload.SourceRow.TimeoutRule;
import io.tidelake.workload.SourceRow.TradeOrder;
import io.tidelake.workload.SourceRow.Warehouse;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * The order system, simulated: the transactions it would commit, in order. The sequence depends on
 * the options only, never on the real clock, so it can be made again to go on after an interruption
 * or to know the truth.
 *
 * <p>What happens: orders of three business lines and two directions with one to three parcels;
 * payments; abandoned orders that are purged, some of them placed again; assignments and
 * re-assignments of warehouse and carrier; scans that come late, twice and out of order, some of
 * them withdrawn; customs; cancellations before and after shipping; merchants that appear after
 * their first orders; renamed merchants, warehouses and carriers.
 */
public final class Workload implements Iterator<List<RowChange>> {

  /** Fulfillment orders are numbered within their trade order. */
  private static final int PARCELS_PER_ORDER = 10;

  private static final int REGIONS = 30;
  private static final int WAREHOUSES = 24;
  private static final int CARRIERS = 12;
  private static final List<String> LINES = List.of("domestic", "import", "export");
  private static final List<String> MILESTONES =
      List.of("created", "paid", "accepted", "outbound", "picked_up", "out_for_delivery", "signed");
  private static final String[] SURNAMES = {
    "李", "王", "陈", "Müller", "García", "O'Brien", "Смирнов", "Nguyễn", "Kaya", "Øst"
  };
  private static final String[] CATEGORIES = {
    "apparel", "electronics", "toys", "food", "beauty", "home"
  };

  /** Something that will happen, and the changes it commits. */
  private record Event(Instant at, long order, Function<Instant, List<RowChange>> changes) {}

  private final WorkloadOptions options;
  private final SplittableRandom random;
  private final PriorityQueue<Event> agenda =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::order));
  private long eventOrder;
  private long nextEventId = 1;
  private long nextDeclarationId = 1;
  private Instant clock;

  /** Starts the simulation from its beginning. */
  public Workload(WorkloadOptions options) {
    this.options = options;
    this.random = new SplittableRandom(options.seed());
    this.clock = options.firstDay().atStartOfDay().toInstant(ZoneOffset.UTC);
    planDimensions();
    planOrders();
  }

  /** True while transactions are left. */
  @Override
  public boolean hasNext() {
    return !agenda.isEmpty();
  }

  /** The changes of the next transaction; never empty. */
  @Override
  public List<RowChange> next() {
    Event event = agenda.poll();
    if (event == null) {
      throw new NoSuchElementException("The workload is done");
    }
    // Each transaction has a microsecond of its own, as a busy database's clock has.
    clock = event.at().isAfter(clock) ? event.at() : clock.plus(1, ChronoUnit.MICROS);
    return event.changes().apply(clock);
  }

  /** The time of the last transaction; the start of the first day before there was one. */
  Instant now() {
    return clock;
  }

  /** The changes of the next transaction; NULL when the workload is done. */
  List<RowChange> nextOrNull() {
    return hasNext() ? next() : null;
  }

  /** The trade order of a fulfillment order. */
  static long orderOf(long fulfillmentId) {
    return fulfillmentId / PARCELS_PER_ORDER;
  }

  private void at(Instant time, Function<Instant, List<RowChange>> changes) {
    agenda.add(new Event(time.truncatedTo(ChronoUnit.MICROS), eventOrder++, changes));
  }

  // Dimensions

  private void planDimensions() {
    Instant start = clock;
    at(
        start,
        now -> {
          List<RowChange> rows = new ArrayList<>();
          for (int id = 1; id <= REGIONS; id++) {
            rows.add(
                RowChange.insert(
                    new Region(id, "Region " + id, id <= 20 ? "CN" : id <= 25 ? "US" : "DE", now)));
          }
          for (int id = 1; id <= CARRIERS; id++) {
            rows.add(RowChange.insert(carrier(id, 0, now)));
          }
          for (int id = 1; id <= WAREHOUSES; id++) {
            rows.add(RowChange.insert(warehouse(id, 0, now)));
          }
          int rule = 1;
          for (String line : LINES) {
            for (int i = 1; i < MILESTONES.size(); i++) {
              rows.add(
                  RowChange.insert(
                      new TimeoutRule(
                          rule++, line, MILESTONES.get(i - 1), MILESTONES.get(i), 720 * i, now)));
            }
          }
          return rows;
        });
    for (int id = 1; id <= options.merchants(); id++) {
      planMerchant(id, start);
    }
    Duration span = Duration.ofDays(options.days());
    for (int revision = 1; revision <= 5; revision++) {
      int number = revision;
      int warehouseId = 1 + random.nextInt(WAREHOUSES);
      int carrierId = 1 + random.nextInt(CARRIERS);
      at(
          start.plus(fraction(span)),
          now -> List.of(RowChange.update(warehouse(warehouseId, number, now))));
      at(
          start.plus(fraction(span)),
          now -> List.of(RowChange.update(carrier(carrierId, number, now))));
    }
  }

  /** One merchant in ten appears hours after its first orders; one in five is renamed later. */
  private void planMerchant(int id, Instant start) {
    String category = pick(CATEGORIES);
    int region = 1 + random.nextInt(REGIONS);
    Instant appears = chance(0.1) ? start.plus(hours(6, 30)) : start;
    at(
        appears,
        now ->
            List.of(RowChange.insert(new Merchant(id, "Merchant " + id, category, region, now))));
    if (chance(0.2)) {
      String newName = "Merchant " + id + " 旗舰店";
      at(
          appears.plus(hours(1, 40)),
          now -> List.of(RowChange.update(new Merchant(id, newName, category, region, now))));
    }
  }

  private static Warehouse warehouse(int id, int revision, Instant now) {
    String type = id % 3 == 0 ? "bonded" : id % 3 == 1 ? "domestic" : "overseas";
    return new Warehouse(id, name("Warehouse", id, revision), type, 1 + id % REGIONS, now);
  }

  private static Carrier carrier(int id, int revision, Instant now) {
    String level = id % 3 == 0 ? "express" : id % 3 == 1 ? "standard" : "economy";
    return new Carrier(id, name("Carrier", id, revision), level, now);
  }

  private static String name(String what, int id, int revision) {
    return what + " " + id + (revision == 0 ? "" : " (" + revision + ")");
  }

  // Orders

  private void planOrders() {
    Instant start = clock;
    Duration span = Duration.ofDays(options.days());
    for (int i = 0; i < options.orders(); i++) {
      long orderId = 1_000_000L + i;
      at(start.plusSeconds(1).plus(fraction(span)), now -> placeOrder(orderId, now));
    }
  }

  private List<RowChange> placeOrder(long orderId, Instant now) {
    OrderFlow order = new OrderFlow(orderId, now);
    if (chance(0.04)) {
      boolean again = chance(0.3);
      at(
          now.plus(minutes(20, 40)),
          later -> {
            if (again) {
              at(later.plus(minutes(1, 30)), order::placeAgain);
            }
            return order.purge(later);
          });
    } else {
      at(now.plus(minutes(1, 30)), order::pay);
    }
    return order.insert(now);
  }

  /** One trade order with its parcels, as it moves along. */
  private final class OrderFlow {

    private final long orderId;
    private final LocalDate orderDate;
    private final String line;
    private final String direction;
    private final long merchantId;
    private final String buyer;
    private final int regionId;
    private final String currency;
    private final BigDecimal goodsAmount;
    private final String remark;
    private final Instant createdAt;
    private final List<Parcel> parcels = new ArrayList<>();
    private Instant paidAt;
    private String paymentMethod;
    private BigDecimal paidAmount;
    private Instant updatedAt;

    OrderFlow(long orderId, Instant now) {
      this.orderId = orderId;
      this.orderDate = now.atOffset(ZoneOffset.UTC).toLocalDate();
      this.line = chance(0.6) ? "domestic" : chance(0.5) ? "import" : "export";
      this.direction = chance(0.12) ? "inbound" : "outbound";
      this.merchantId = 1 + skewed(options.merchants());
      this.buyer = pick(SURNAMES) + " " + (char) ('A' + random.nextInt(26)) + ".";
      this.regionId = 1 + skewed(REGIONS);
      this.currency = line.equals("export") ? "USD" : "CNY";
      this.remark = chance(0.2) ? "请轻放 📦 \"handle, with care\"" : null;
      this.createdAt = now;
      int count = chance(0.7) ? 1 : chance(0.7) ? 2 : 3;
      BigDecimal total = BigDecimal.ZERO;
      for (int i = 1; i <= count; i++) {
        Parcel parcel = new Parcel(orderId * PARCELS_PER_ORDER + i);
        parcels.add(parcel);
        total = total.add(parcel.amount);
      }
      this.goodsAmount = total;
    }

    List<RowChange> insert(Instant now) {
      updatedAt = now;
      List<RowChange> changes = new ArrayList<>();
      changes.add(RowChange.insert(row()));
      for (Parcel parcel : parcels) {
        parcel.updatedAt = now;
        changes.add(RowChange.insert(parcel.row()));
      }
      return changes;
    }

    List<RowChange> purge(Instant now) {
      List<RowChange> changes = new ArrayList<>();
      parcels.forEach(parcel -> changes.add(RowChange.delete(parcel.row())));
      changes.add(RowChange.delete(row()));
      return changes;
    }

    List<RowChange> placeAgain(Instant now) {
      at(now.plus(minutes(1, 30)), this::pay);
      return insert(now);
    }

    List<RowChange> pay(Instant now) {
      paidAt = now;
      updatedAt = now;
      paymentMethod = pick("card", "wallet", "transfer");
      paidAmount = goodsAmount.add(cents(0, 3000));
      parcels.forEach(parcel -> at(now.plus(minutes(2, 120)), parcel::accept));
      return List.of(RowChange.update(row()));
    }

    TradeOrder row() {
      List<String> ids = parcels.stream().map(parcel -> String.valueOf(parcel.id)).toList();
      return new TradeOrder(
          orderDate,
          orderId,
          line,
          merchantId,
          buyer,
          regionId,
          String.join(",", ids),
          currency,
          goodsAmount,
          paymentMethod,
          paidAmount,
          remark,
          createdAt,
          paidAt,
          updatedAt);
    }

    /** One parcel of the order, as it moves along. */
    private final class Parcel {

      private final long id;
      private final BigDecimal amount;
      private String status = "created";
      private Integer warehouseId;
      private Integer carrierId;
      private Integer weightGrams;
      private BigDecimal freight;
      private Instant acceptedAt;
      private Instant cancelledAt;
      private String cancelReason;
      private Instant updatedAt;

      Parcel(long id) {
        this.id = id;
        this.amount = cents(500, 200_000);
      }

      List<RowChange> accept(Instant now) {
        acceptedAt = now;
        status = "accepted";
        warehouseId = 1 + skewed(WAREHOUSES);
        carrierId = 1 + skewed(CARRIERS);
        weightGrams = 50 + random.nextInt(20_000);
        freight = cents(300, 5_000);
        if (chance(0.08)) {
          at(
              now.plus(minutes(5, 60)),
              later -> {
                warehouseId = 1 + random.nextInt(WAREHOUSES);
                return update(later);
              });
        }
        if (chance(0.08)) {
          at(
              now.plus(minutes(5, 200)),
              later -> {
                carrierId = 1 + random.nextInt(CARRIERS);
                freight = cents(300, 5_000);
                return update(later);
              });
        }
        if (chance(0.05)) {
          at(now.plus(minutes(5, 90)), later -> cancel("cancelled by the buyer", later));
        } else {
          at(now.plus(hours(2, 20)), this::ship);
        }
        return update(now);
      }

      List<RowChange> ship(Instant now) {
        status = "shipped";
        scan("outbound", now);
        Instant pickedUp = now.plus(minutes(20, 240));
        scan("picked_up", pickedUp);
        Instant at = pickedUp;
        for (int hop = random.nextInt(3); hop > 0; hop--) {
          at = at.plus(hours(2, 10));
          scan("in_transit", at);
        }
        if (!line.equals("domestic")) {
          at = declare(at.plus(hours(1, 4)));
        }
        if (chance(0.03)) {
          at(at.plus(minutes(1, 60)), later -> cancel("lost or refused on the way", later));
          return update(now);
        }
        Instant delivery = at.plus(hours(3, 12));
        scan("out_for_delivery", delivery);
        Instant signed = delivery.plus(minutes(15, 400));
        scan("signed", signed);
        at(
            signed.plus(minutes(1, 30)),
            later -> {
              status = "completed";
              return update(later);
            });
        return update(now);
      }

      private List<RowChange> cancel(String reason, Instant now) {
        status = "cancelled";
        cancelledAt = now;
        cancelReason = reason;
        return update(now);
      }

      private List<RowChange> update(Instant now) {
        updatedAt = now;
        return List.of(RowChange.update(row()));
      }

      /** A scan: reported late one time in ten, twice or withdrawn now and then. */
      private void scan(String type, Instant when) {
        String station = "Station " + (1 + random.nextInt(80)) + (chance(0.1) ? "  " : "");
        String device = chance(0.9) ? "PDA-" + (100 + random.nextInt(900)) : null;
        Instant time = when.truncatedTo(ChronoUnit.MICROS);
        report(type, time, station, device, chance(0.02));
        if (chance(0.05)) {
          report(type, time, station, device, false);
        }
        if (chance(0.03)) {
          report(type, time.plusSeconds(random.nextInt(600)), station, device, false);
        }
      }

      private void report(
          String type, Instant time, String station, String device, boolean withdrawn) {
        long eventId = nextEventId++;
        Instant arrival = time.plus(chance(0.9) ? seconds(1, 120) : minutes(5, 600));
        at(
            arrival,
            now -> {
              LogisticsEvent event =
                  new LogisticsEvent(orderDate, eventId, id, type, time, station, device, now, now);
              if (withdrawn) {
                at(now.plus(minutes(5, 120)), later -> List.of(RowChange.delete(event)));
              }
              return List.of(RowChange.insert(event));
            });
      }

      private Instant declare(Instant filed) {
        long declarationId = nextDeclarationId++;
        boolean inspected = chance(0.2);
        Instant cleared = filed.plus(inspected ? hours(6, 30) : hours(1, 6));
        BigDecimal duty = cents(100, 20_000);
        at(
            filed,
            now -> {
              if (inspected) {
                at(
                    now.plus(minutes(10, 60)),
                    later ->
                        List.of(
                            RowChange.update(
                                declaration(declarationId, "inspecting", null, now, null, later))));
              }
              at(
                  cleared,
                  later ->
                      List.of(
                          RowChange.update(
                              declaration(declarationId, "cleared", duty, now, later, later))));
              return List.of(
                  RowChange.insert(declaration(declarationId, "declared", null, now, null, now)));
            });
        return cleared;
      }

      private CustomsDeclaration declaration(
          long declarationId,
          String state,
          BigDecimal duty,
          Instant declaredAt,
          Instant clearedAt,
          Instant now) {
        return new CustomsDeclaration(
            orderDate, declarationId, id, state, duty, declaredAt, clearedAt, now);
      }

      FulfillmentOrder row() {
        return new FulfillmentOrder(
            orderDate,
            id,
            orderId,
            line,
            direction,
            warehouseId,
            carrierId,
            status,
            weightGrams,
            amount,
            freight,
            createdAt,
            acceptedAt,
            cancelledAt,
            cancelReason,
            updatedAt);
      }
    }
  }

  // Random choices

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** 0 to n-1; the lowest tenth is chosen about four times in ten. */
  private int skewed(int n) {
    return (int) (n * Math.pow(random.nextDouble(), 2.5));
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private BigDecimal cents(int from, int to) {
    return BigDecimal.valueOf(random.nextInt(from, to))
        .divide(BigDecimal.valueOf(100), 2, RoundingMode.UNNECESSARY);
  }

  private Duration fraction(Duration whole) {
    return Duration.ofNanos((long) (whole.toNanos() * random.nextDouble()));
  }

  private Duration seconds(int from, int to) {
    return Duration.ofNanos(random.nextLong(from * 1_000_000_000L, to * 1_000_000_000L));
  }

  private Duration minutes(int from, int to) {
    return seconds(from * 60, to * 60);
  }

  private Duration hours(int from, int to) {
    return minutes(from * 60, to * 60);
  }
}
