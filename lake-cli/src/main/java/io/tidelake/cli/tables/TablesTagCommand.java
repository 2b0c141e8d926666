/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.backfill.ledger.CommitTag;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.maintenance.Maintenance;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.paimon.table.FileStoreTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake tables tag}. */
@Command(
    name = "tag",
    description = {
      "Keep what a table holds now under a name, for queries later; or list or delete such tags.",
      "Its files stay until the tag is deleted."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake tables tag dwd_fulfillment_wide before-the-sale"})
final class TablesTagCommand implements Callable<Integer> {

  /** How the tags begin that backfills and `lake maintain` make and delete themselves. */
  private static final List<String> RESERVED = List.of(CommitTag.PREFIX, Maintenance.DAY_TAG);

  /**
   * A tag for machines.
   *
   * @param committedAt when what it keeps was written
   */
  record TagOfTable(String table, String tag, long snapshot, Instant committedAt) {}

  @Parameters(index = "0", paramLabel = "TABLE", description = "The table.")
  private String table;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TAG",
      description = "Name of the tag. Default: list all of the table.")
  private String tag;

  @Option(names = "--delete", description = "Delete the tag.")
  private boolean delete;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (LakeCatalog catalog =
        LakeCatalog.open(tag == null ? lake.config() : lake.configToChange())) {
      FileStoreTable tagged = catalog.table(table);
      if (tag != null && delete) {
        delete(tagged);
      } else if (tag != null) {
        create(tagged);
      } else if (delete) {
        throw new LakeException(
            ErrorCode.TAG_MISSING,
            "--delete needs the name of a tag.",
            "`lake tables tag " + table + "` lists them.");
      }
      List<TagOfTable> tags = tags(tagged);
      if (output.isJson()) {
        OutputOption.printJson(out, tags);
      } else {
        print(tags, out);
      }
      return 0;
    }
  }

  private void create(FileStoreTable tagged) {
    // The name is one of a file, too.
    if (!tag.matches("[A-Za-z][A-Za-z0-9._-]*")) {
      throw new LakeException(
          ErrorCode.TAG_INVALID,
          "'" + tag + "' cannot be the name of a tag.",
          "Use letters, digits, ., _ and -, beginning with a letter.");
    }
    if (RESERVED.stream().anyMatch(tag::startsWith)) {
      throw new LakeException(
          ErrorCode.TAG_RESERVED,
          "Tags that begin with " + String.join(" or ", RESERVED) + " are made by the lake itself.",
          "Choose another name.");
    }
    if (tagged.latestSnapshot().isEmpty()) {
      throw new LakeException(
          ErrorCode.TABLE_EMPTY,
          "Nothing was written into " + table + " yet; there is nothing to keep.",
          "Tag it after the first rows came; `lake tables show` counts them.");
    }
    if (tagged.tagManager().tagExists(tag)) {
      throw new LakeException(
          ErrorCode.TAG_EXISTS,
          table + " has a tag " + tag + " already.",
          "Choose another name, or delete it first: lake tables tag "
              + table
              + " "
              + tag
              + " --delete");
    }
    tagged.createTag(tag);
  }

  private void delete(FileStoreTable tagged) {
    if (!tagged.tagManager().tagExists(tag)) {
      throw new LakeException(
          ErrorCode.TAG_UNKNOWN,
          table + " has no tag " + tag + ".",
          "`lake tables tag " + table + "` lists them.");
    }
    if (tag.startsWith(CommitTag.PREFIX)) {
      throw new LakeException(
          ErrorCode.TAG_RESERVED,
          "The tag " + tag + " keeps the files without which its backfill cannot be undone.",
          "Leave it: `lake maintain` deletes it when backfill: undo-for has passed.");
    }
    tagged.deleteTag(tag);
  }

  private List<TagOfTable> tags(FileStoreTable tagged) {
    return tagged.tagManager().tagObjects().stream()
        .map(
            found ->
                new TagOfTable(
                    table,
                    found.getRight(),
                    found.getLeft().id(),
                    Instant.ofEpochMilli(found.getLeft().timeMillis())))
        .toList();
  }

  private void print(List<TagOfTable> tags, PrintWriter out) {
    if (tags.isEmpty()) {
      out.println(table + " has no tags.");
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("tag", "snapshot", "committed at"));
    for (TagOfTable found : tags) {
      lines.add(List.of(found.tag(), "" + found.snapshot(), found.committedAt().toString()));
    }
    TextTable.print(lines, out);
  }
}
