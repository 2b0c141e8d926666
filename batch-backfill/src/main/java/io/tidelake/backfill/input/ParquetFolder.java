/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.CatalogContexts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.fs.Path;
import org.apache.paimon.fs.local.LocalFileIO;
import org.apache.paimon.utils.PartitionPathUtils;

/**
 * A folder of Parquet files, or one file, on any file system that the lake's catalog reaches.
 * Folders named {@code column=value} add a column, as Hive and Spark write them. Names that begin
 * with a dot or an underscore are left out.
 */
final class ParquetFolder {

  private static final Pattern FOLDER = Pattern.compile("([^/=]+)=([^/]*)");

  private ParquetFolder() {}

  /**
   * Looks at all files of a folder, without reading their rows.
   *
   * @param folder a folder, or one file
   * @throws LakeException when there is no Parquet file, or none can be read
   */
  static SnapshotInput open(LakeConfig config, String folder) {
    Path path = new Path(folder);
    try {
      FileIO fileIO =
          path.toUri().getScheme() == null
              ? LocalFileIO.create()
              : FileIO.get(path, CatalogContexts.of(config.catalog()));
      FileStatus root = fileIO.getFileStatus(path);
      return new ParquetFiles(
          folder,
          list(fileIO, root).stream()
              .map(file -> new ParquetFiles.File(file, folders(root.getPath(), file.getPath())))
              .sorted(Comparator.comparing(ParquetFiles.File::path))
              .toList(),
          Map.of(),
          new ColumnsOfMostFiles(),
          fileIO,
          config.source().timeZone());
    } catch (IOException e) {
      throw ParquetFiles.unreadable(folder, LakeException.rootMessage(e));
    }
  }

  /** The files in and below a folder, or the file itself. */
  static List<FileStatus> list(FileIO fileIO, FileStatus status) throws IOException {
    if (!status.isDir()) {
      return List.of(status);
    }
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus child : fileIO.listStatus(status.getPath())) {
      if (!child.getPath().getName().startsWith(".")
          && !child.getPath().getName().startsWith("_")) {
        files.addAll(list(fileIO, child));
      }
    }
    return files;
  }

  /** The values of the folders between a root and a file in it, that of the root included. */
  private static Map<String, String> folders(Path root, Path file) {
    Map<String, String> folders =
        file.equals(root) ? new LinkedHashMap<>() : folders(root, file.getParent());
    Matcher folder = FOLDER.matcher(file.getName());
    if (folder.matches()) {
      folders.put(folder.group(1), PartitionPathUtils.unescapePathName(folder.group(2)));
    }
    return folders;
  }
}
