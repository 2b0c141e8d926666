package io.tidelake.publish.mirror;

import io.tidelake.error.LakeException;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.iceberg.IcebergLake.DamagedMetadataException;
import io.tidelake.publish.iceberg.IcebergSchemas;
import io.tidelake.publish.iceberg.StagedOperations;
import io.tidelake.publish.mirror.FileMirror.VisibleFile;
import io.tidelake.publish.mirror.PublishedFile.Deletion;
import io.tidelake.publish.mirror.TableContent.BucketId;
import io.tidelake.publish.view.CleanViewPublisher;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.Snapshot;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.fs.Path;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.Split;
import org.apache.paimon.tag.Tag;

/**
 * Shows one Paimon table as an Iceberg table. It begins by comparing all files of the newest
 * snapshot with all that the Iceberg table shows, and makes these equal; from then on it follows
 * the changes from snapshot to snapshot. Whenever something is not as expected (a rollback, a table
 * created again, a catalog that was away, a damaged file) it begins anew.
 */
public final class TablePublisher {

  /** Snapshot property: the Paimon snapshot that an Iceberg snapshot shows. */
  public static final String SNAPSHOT_ID = "paimon.snapshot-id";

  /** Snapshot property: a name that no other Paimon snapshot ever has. */
  static final String SNAPSHOT_NAME = "paimon.delta-manifest-list";

  /** Table property: which table it shows; another one when it was created again. */
  public static final String TABLE_UUID = "paimon.table-uuid";

  /** Table property: whether some of its data files are the publisher's own. */
  static final String HAS_MERGED_FILES = "tidelake.has-merged-files";

  private static final int KEPT_SNAPSHOTS = 20;
  private static final int FORMAT_VERSION = 3;
  private static final String TAG_BRANCH = "tidelake-tag";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration CHECK_ICEBERG = Duration.ofMinutes(1);

  private final LakeCatalog catalog;
  private final IcebergLake iceberg;
  private final CleanViewPublisher views;
  private final List<String> skipTags;
  private final Duration keepFor;
  private final Clock clock;
  private final String name;

  private FileStoreTable table;
  private FileMirror mirror;
  private ExpiryGuard guard;
  private FileSweep sweep;
  private TableOperations operations;
  private TableContent content;
  private final Map<BucketId, Map<String, PublishedFile>> shown = new HashMap<>();
  private final Map<String, PublishedFile> merged = new HashMap<>();
  private Optional<Set<String>> tags = Optional.empty();
  private Instant lookedAgain = Instant.EPOCH;
  private Instant checkedIceberg = Instant.EPOCH;
  private boolean isKnown;

  public TablePublisher(
      LakeCatalog catalog,
      IcebergLake iceberg,
      CleanViewPublisher views,
      List<String> skipTags,
      Duration keepFor,
      Clock clock,
      String name) {
    this.catalog = catalog;
    this.iceberg = iceberg;
    this.views = views;
    this.skipTags = skipTags;
    this.keepFor = keepFor;
    this.clock = clock;
    this.name = name;
  }

  /**
   * Shows the newest snapshot, unless it is shown already.
   *
   * @return false when there is no such table any more; it is not shown then either
   * @throws LakeException when it cannot be shown; readers see what they saw before
   */
  public boolean publish() {
    try {
      boolean exists = isKnown ? follow() : begin();
      if (exists) {
        isKnown = true;
        mirrorTags();
        guard.advance();
        sweep.sweepIfDue(operations);
      }
      return exists;
    } catch (LakeException e) {
      isKnown = false;
      throw e;
    } catch (RuntimeException | IOException e) {
      isKnown = false;
      throw failed(name, e);
    }
  }

  /** What went wrong with a table, for a user. */
  public static LakeException failed(String name, Exception cause) {
    return new LakeException(
        "PUBLICATION_FAILED",
        "Cannot publish " + name + ": " + LakeException.rootMessage(cause),
        "The publisher tries again; until then readers see the snapshot before.",
        cause);
  }

  /** Id of the newest Paimon snapshot that readers see; 0 for a table without snapshots. */
  public long publishedSnapshot() {
    return !isKnown || content.snapshot() == null ? 0 : content.snapshot().id();
  }

  private boolean follow() throws IOException {
    Snapshot newest = table.snapshotManager().latestSnapshot();
    Snapshot before = content.snapshot();
    Instant now = clock.instant();
    if (table.schemaManager().schemaExists(table.schema().id() + 1)) {
      return begin();
    }
    if (before == null) {
      // A table that is created again has no snapshot either; that is looked at less often.
      return newest == null && lookedAgain.plus(LOOK_AGAIN).isAfter(now) || begin();
    }
    if (checkedIceberg.plus(CHECK_ICEBERG).isBefore(now)) {
      checkedIceberg = now;
      try {
        if (!isAsLeft()) {
          return begin();
        }
      } catch (DamagedMetadataException e) {
        return begin();
      }
    }
    if (newest != null && isSame(newest, before)) {
      return true;
    }
    if (newest == null || newest.id() <= before.id() || !isThere(before)) {
      return begin();
    }
    Set<BucketId> changed = content.advance(table, newest);
    show(changed, newest);
    return true;
  }

  private static boolean isSame(Snapshot one, Snapshot other) {
    return one.id() == other.id() && one.deltaManifestList().equals(other.deltaManifestList());
  }

  private boolean isThere(Snapshot snapshot) {
    try {
      return isSame(table.snapshotManager().tryGetSnapshot(snapshot.id()), snapshot);
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** Whether the catalog shows what was published last, and the metadata is whole. */
  private boolean isAsLeft() {
    TableMetadata left = operations.current();
    return iceberg
            .load(name)
            .filter(
                found ->
                    Objects.equals(
                        found.current().metadataFileLocation(), left.metadataFileLocation()))
            .isPresent()
        && (left.currentSnapshot() == null
            || left.currentSnapshot().allManifests(operations.io()).stream()
                .allMatch(this::isWhole));
  }

  private boolean isWhole(ManifestFile manifest) {
    try {
      return operations.io().newInputFile(manifest.path()).getLength() == manifest.length();
    } catch (NotFoundException e) {
      return false;
    }
  }

  private boolean begin() throws IOException {
    lookedAgain = clock.instant();
    checkedIceberg = lookedAgain;
    Optional<FileStoreTable> found = catalog.findTable(name);
    if (found.isEmpty()) {
      return false;
    }
    table = found.get();
    Snapshot newest = table.snapshotManager().latestSnapshot();
    Schema schema = IcebergSchemas.of(name, table.schema());
    guard =
        newest == null
            ? new ExpiryGuard(table, 1, keepFor, clock)
            : new ExpiryGuard(table, newest.id(), keepFor, clock);
    if (sweep == null) {
      sweep = new FileSweep(table.fileIO(), iceberg.folder(name), keepFor, clock);
    }
    content = TableContent.of(table, newest);
    shown.clear();
    merged.clear();
    tags = Optional.empty();
    operations = null;
    Map<String, PublishedFile> before = shownBefore();
    String location =
        operations == null ? iceberg.newLocation(name) : operations.current().location();
    mirror =
        new FileMirror(
            table, schema, IcebergSchemas.partitions(table.schema(), schema), location + "/data");
    Difference difference = new Difference();
    Map<BucketId, Map<String, PublishedFile>> now = new HashMap<>();
    Map<String, PublishedFile> left = new HashMap<>(before);
    for (BucketId bucket : content.buckets()) {
      Map<String, PublishedFile> files = new HashMap<>();
      for (VisibleFile file : mirror.visible(content, bucket, this::mergedBefore)) {
        files.put(file.file().location(), file.file());
        difference.add(Optional.ofNullable(left.remove(file.file().location())), file);
      }
      now.put(bucket, files);
    }
    left.values().forEach(difference::remove);
    refuseOtherCount(now);
    commit(difference, now, schema, location);
    views.show(catalog.definition(name), schema);
    return true;
  }

  private Optional<PublishedFile> mergedBefore(String key) {
    return Optional.ofNullable(merged.get(key));
  }

  /** What the Iceberg table shows; nothing when it has to be made, or to be made anew. */
  private Map<String, PublishedFile> shownBefore() {
    Map<String, PublishedFile> files = new HashMap<>();
    try {
      Optional<TableOperations> loaded = iceberg.load(name);
      if (loaded.isEmpty()) {
        return files;
      }
      TableMetadata metadata = loaded.get().current();
      if (!table.uuid().equals(metadata.property(TABLE_UUID, ""))
          || metadata.formatVersion() != FORMAT_VERSION) {
        return files;
      }
      for (PublishedFile file : files(loaded.get())) {
        files.put(file.location(), file);
        FileMirror.mergedKey(file.location()).ifPresent(key -> merged.put(key, file));
      }
      operations = loaded.get();
    } catch (DamagedMetadataException e) {
      // It is made anew from Paimon's metadata.
      files.clear();
      merged.clear();
    } catch (RuntimeException | IOException e) {
      if (!IcebergLake.isDamage(e)) {
        throw e instanceof RuntimeException known
            ? known
            : new UncheckedIOException((IOException) e);
      }
      files.clear();
      merged.clear();
    }
    return files;
  }

  private static List<PublishedFile> files(TableOperations operations) throws IOException {
    List<PublishedFile> files = new ArrayList<>();
    if (operations.current().currentSnapshot() == null) {
      return files;
    }
    try (CloseableIterable<FileScanTask> tasks =
        new BaseTable(operations, "shown").newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.deletes().size() > 1) {
          throw new IOException(task.file().location() + " has several deletion vectors");
        }
        files.add(
            new PublishedFile(
                task.file().location(),
                ((org.apache.iceberg.PartitionData) task.file().partition()).copy(),
                task.file().recordCount(),
                task.file().fileSizeInBytes(),
                task.deletes().stream().findFirst().map(TablePublisher::deletion)));
      }
    }
    return files;
  }

  private static Deletion deletion(DeleteFile file) {
    return new Deletion(
        file.location(),
        file.fileSizeInBytes(),
        file.contentOffset(),
        file.contentSizeInBytes(),
        file.recordCount());
  }

  private void show(Set<BucketId> changed, Snapshot newest) throws IOException {
    Difference difference = new Difference();
    Map<BucketId, Map<String, PublishedFile>> now = new HashMap<>();
    for (BucketId bucket : changed) {
      Map<String, PublishedFile> left = new HashMap<>(shown.getOrDefault(bucket, Map.of()));
      Map<String, PublishedFile> files = new HashMap<>();
      for (VisibleFile file : mirror.visible(content, bucket, this::mergedBefore)) {
        files.put(file.file().location(), file.file());
        difference.add(Optional.ofNullable(left.remove(file.file().location())), file);
      }
      left.values().forEach(difference::remove);
      now.put(bucket, files);
    }
    commit(difference, now, operations.current().schema(), operations.current().location());
    guard.published(newest.id());
  }

  /** Of a table that Paimon reads without merging, it knows the rows of the snapshot itself. */
  private void refuseOtherCount(Map<BucketId, Map<String, PublishedFile>> now) {
    if (content.snapshot() == null) {
      return;
    }
    FileStoreTable then =
        table.copyWithoutTimeTravel(
            Map.of(CoreOptions.SCAN_SNAPSHOT_ID.key(), "" + content.snapshot().id()));
    long count = 0;
    for (Split split : then.newScan().plan().splits()) {
      if (split.mergedRowCount().isEmpty()) {
        return;
      }
      count += split.mergedRowCount().getAsLong();
    }
    long rows = rows(now.values().stream());
    if (count != rows) {
      throw refused(count, rows);
    }
  }

  private static long rows(Stream<Map<String, PublishedFile>> buckets) {
    return buckets
        .flatMap(files -> files.values().stream())
        .mapToLong(PublishedFile::liveRows)
        .sum();
  }

  private LakeException refused(long paimon, long published) {
    return new LakeException(
        "PUBLICATION_REFUSED",
        "Snapshot %d of %s has %d rows, but Iceberg readers would see %d; it is not published."
            .formatted(content.snapshot().id(), name, paimon, published),
        "The publisher compares all files anew; if it goes on, run `lake publish` with --debug.");
  }

  /**
   * Makes one commit of a difference.
   *
   * @param now what is shown of the buckets that changed
   */
  private void commit(
      Difference difference,
      Map<BucketId, Map<String, PublishedFile>> now,
      Schema schema,
      String location) {
    difference.refuseDamaged(mirror);
    TableMetadata base = operations == null ? null : operations.current();
    StagedOperations staged =
        new StagedOperations(iceberg.files(), prepared(base, difference, schema, location));
    boolean isFirst = staged.current().currentSnapshot() == null;
    if (content.snapshot() != null && (isFirst || !difference.isEmpty())) {
      difference.commit(staged, name, content.snapshot(), SnapshotRef.MAIN_BRANCH);
      long rows =
          rows(now.values().stream())
              + rows(
                  shown.entrySet().stream()
                      .filter(bucket -> !now.containsKey(bucket.getKey()))
                      .map(Map.Entry::getValue));
      refuseOtherTotal(staged, rows);
    }
    if (base == null) {
      operations = iceberg.create(name, staged.current());
    } else if (staged.current() != base) {
      operations.commit(base, staged.current());
    }
    remember(now);
  }

  private void refuseOtherTotal(StagedOperations staged, long rows) {
    Map<String, String> summary = staged.current().currentSnapshot().summary();
    long published =
        Long.parseLong(summary.get(SnapshotSummary.TOTAL_RECORDS_PROP))
            - Long.parseLong(summary.get(SnapshotSummary.TOTAL_POS_DELETES_PROP));
    if (published != rows) {
      throw refused(rows, published);
    }
  }

  private void remember(Map<BucketId, Map<String, PublishedFile>> now) {
    now.forEach(
        (bucket, files) -> {
          shown.getOrDefault(bucket, Map.of()).keySet().stream()
              .flatMap(location -> FileMirror.mergedKey(location).stream())
              .forEach(merged::remove);
          shown.put(bucket, files);
          files
              .values()
              .forEach(
                  file ->
                      FileMirror.mergedKey(file.location())
                          .ifPresent(key -> merged.put(key, file)));
          content.dropStatistics(bucket);
        });
    shown.values().removeIf(Map::isEmpty);
  }

  /** The metadata with the schema and properties as they are now, without outdated snapshots. */
  private TableMetadata prepared(
      TableMetadata base, Difference difference, Schema schema, String location) {
    Map<String, String> properties = new HashMap<>();
    properties.put(TABLE_UUID, table.uuid());
    properties.put("paimon.table", table.fullName());
    properties.put("comment", table.comment().orElse(""));
    // Data files are Paimon's: no engine may delete them.
    properties.put(TableProperties.GC_ENABLED, "false");
    properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
    // A change rewrites the manifests of the files that it removes; small ones are written fast.
    properties.put(TableProperties.MANIFEST_TARGET_SIZE_BYTES, Integer.toString(64 << 10));
    // Each change opens all manifests whose days it touches: few are opened faster than Iceberg's
    // 100.
    properties.put(TableProperties.MANIFEST_MIN_MERGE_COUNT, "4");
    if (difference.addsMergedFiles()) {
      properties.put(HAS_MERGED_FILES, "true");
    }
    if (base == null) {
      return TableMetadata.buildFromEmpty(FORMAT_VERSION)
          .assignUUID()
          .setLocation(location)
          .setCurrentSchema(schema, IcebergSchemas.lastColumnId(schema))
          .setDefaultPartitionSpec(IcebergSchemas.partitions(table.schema(), schema))
          .setDefaultSortOrder(SortOrder.unsorted())
          .setProperties(properties)
          .build();
    }
    TableMetadata.Builder builder = TableMetadata.buildFrom(base);
    boolean changed = false;
    if (!base.schema().sameSchema(schema)) {
      int last = Math.max(base.lastColumnId(), IcebergSchemas.lastColumnId(schema));
      builder.setCurrentSchema(schema, last);
      changed = true;
    }
    properties.entrySet().removeAll(base.properties().entrySet());
    if (!properties.isEmpty()) {
      builder.setProperties(properties);
      changed = true;
    }
    Set<Long> outdated = difference.isEmpty() ? Set.of() : outdated(base);
    if (!outdated.isEmpty()) {
      builder.removeSnapshots(outdated);
      changed = true;
    }
    return changed ? builder.build() : base;
  }

  private static Set<Long> outdated(TableMetadata base) {
    Set<Long> named =
        base.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    List<Long> unnamed =
        base.snapshots().stream()
            .map(org.apache.iceberg.Snapshot::snapshotId)
            .filter(id -> !named.contains(id))
            .toList();
    return new HashSet<>(unnamed.subList(0, Math.max(0, unnamed.size() - KEPT_SNAPSHOTS)));
  }

  private void mirrorTags() throws IOException {
    Set<String> found = new HashSet<>();
    Path folder = table.tagManager().tagDirectory();
    if (table.fileIO().exists(folder)) {
      for (FileStatus file : table.fileIO().listStatus(folder)) {
        found.add(file.getPath().getName() + " " + file.getModificationTime());
      }
    }
    if (!tags.equals(Optional.of(found))) {
      mirrorTags(table.tagManager().tagObjects());
      tags = Optional.of(found);
    }
  }

  private void mirrorTags(Collection<org.apache.paimon.utils.Pair<Tag, String>> all)
      throws IOException {
    TableMetadata base = operations.current();
    StagedOperations staged = new StagedOperations(iceberg.files(), base);
    Set<String> wanted = new HashSet<>();
    for (org.apache.paimon.utils.Pair<Tag, String> tag : all) {
      if (skipTags.stream().noneMatch(tag.getRight()::startsWith)) {
        wanted.add(tag.getRight());
        show(tag.getRight(), tag.getLeft().trimToSnapshot(), staged);
      }
    }
    for (Map.Entry<String, SnapshotRef> ref : base.refs().entrySet()) {
      if (ref.getValue().isTag() && !wanted.contains(ref.getKey())) {
        TableMetadata current = staged.current();
        staged.commit(current, TableMetadata.buildFrom(current).removeRef(ref.getKey()).build());
      }
    }
    if (staged.current() != base) {
      operations.commit(base, staged.current());
    }
  }

  private void show(String tag, Snapshot tagged, StagedOperations staged) throws IOException {
    SnapshotRef ref = staged.current().ref(tag);
    if (ref != null && isOf(staged.current().snapshot(ref.snapshotId()), tagged)) {
      return;
    }
    Optional<Long> there =
        staged.current().snapshots().stream()
            .filter(snapshot -> isOf(snapshot, tagged))
            .map(org.apache.iceberg.Snapshot::snapshotId)
            .findAny();
    if (there.isEmpty()) {
      stage(tagged, staged);
    }
    TableMetadata current = staged.current();
    TableMetadata.Builder builder = TableMetadata.buildFrom(current);
    long id = there.orElseGet(() -> current.ref(TAG_BRANCH).snapshotId());
    builder.setRef(tag, SnapshotRef.tagBuilder(id).build());
    if (there.isEmpty()) {
      builder.removeRef(TAG_BRANCH);
    }
    staged.commit(current, builder.build());
  }

  private static boolean isOf(org.apache.iceberg.Snapshot shown, Snapshot paimon) {
    return paimon.deltaManifestList().equals(shown.summary().get(SNAPSHOT_NAME));
  }

  /** Adds a snapshot that was never published, or not any more, beside those of the table. */
  private void stage(Snapshot tagged, StagedOperations staged) throws IOException {
    TableContent then = TableContent.of(table, tagged);
    Map<String, PublishedFile> left = new HashMap<>();
    shown.values().forEach(left::putAll);
    Difference difference = new Difference();
    for (BucketId bucket : then.buckets()) {
      for (VisibleFile file : mirror.visible(then, bucket, this::mergedBefore)) {
        difference.add(Optional.ofNullable(left.remove(file.file().location())), file);
      }
    }
    left.values().forEach(difference::remove);
    difference.refuseDamaged(mirror);
    difference.commit(staged, name, tagged, TAG_BRANCH);
  }

  /** Takes the table out of the catalog, and all that was written for it. */
  public void drop(org.apache.paimon.fs.FileIO files) {
    views.hide(name);
    iceberg.drop(name);
    files.deleteDirectoryQuietly(new Path(iceberg.folder(name)));
  }
}
