/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.iceberg;

import io.tidelake.tables.catalog.CatalogContexts;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.paimon.fs.Path;

/**
 * Has Iceberg read and write its files where and how Paimon does; so `catalog:` of the
 * configuration says for both where the lake lies and who may read it.
 */
public final class LakeFileIO implements FileIO {

  private static final long serialVersionUID = 1L;

  /** Options of Paimon's catalog have this prefix among the properties. */
  static final String PREFIX = "lake.";

  private static final String METADATA = ".metadata.json";
  private static final String COMPRESSED = ".gz" + METADATA;

  private Map<String, String> properties = Map.of();
  private org.apache.paimon.fs.FileIO files;

  /** The properties that a file IO needs, made of the options of Paimon's catalog. */
  static Map<String, String> properties(Map<String, String> catalog) {
    Map<String, String> properties = new HashMap<>();
    catalog.forEach((option, value) -> properties.put(PREFIX + option, value));
    return properties;
  }

  @Override
  public void initialize(Map<String, String> catalog) {
    properties = new HashMap<>(catalog);
    Map<String, String> options = new HashMap<>();
    properties.forEach(
        (property, value) -> {
          if (property.startsWith(PREFIX)) {
            options.put(property.substring(PREFIX.length()), value);
          }
        });
    try {
      files =
          org.apache.paimon.fs.FileIO.get(
              new Path(options.get("warehouse")), CatalogContexts.of(options));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the storage of " + options.get("warehouse"), e);
    }
  }

  @Override
  public Map<String, String> properties() {
    return properties;
  }

  @Override
  public InputFile newInputFile(String location) {
    return new Input(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new Output(location);
  }

  @Override
  public void deleteFile(String location) {
    try {
      files.delete(new Path(location), false);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "Cannot delete %s", location);
    }
  }

  private final class Input implements InputFile {

    private final String location;

    private Input(String location) {
      this.location = location;
    }

    @Override
    public long getLength() {
      try {
        return files.getFileSize(new Path(location));
      } catch (FileNotFoundException e) {
        throw new NotFoundException(e, "There is no file %s", location);
      } catch (IOException e) {
        throw new RuntimeIOException(e, "Cannot look at %s", location);
      }
    }

    @Override
    public SeekableInputStream newStream() {
      try {
        if (location.endsWith(METADATA) && !location.endsWith(COMPRESSED)) {
          validateEnd();
        }
        return new Reader(files.newInputStream(new Path(location)));
      } catch (FileNotFoundException e) {
        throw new NotFoundException(e, "There is no file %s", location);
      } catch (IOException e) {
        throw new RuntimeIOException(e, "Cannot open %s", location);
      }
    }

    /**
     * Iceberg tries to read half a file again and again, for minutes; a missing one it does not.
     */
    private void validateEnd() throws IOException {
      long length = getLength();
      try (org.apache.paimon.fs.SeekableInputStream in = files.newInputStream(new Path(location))) {
        in.seek(Math.max(0, length - 1));
        if (in.read() != '}') {
          throw new NotFoundException("The file %s is truncated", location);
        }
      }
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public boolean exists() {
      try {
        return files.exists(new Path(location));
      } catch (IOException e) {
        throw new RuntimeIOException(e, "Cannot look for %s", location);
      }
    }
  }

  private final class Output implements OutputFile {

    private final String location;

    private Output(String location) {
      this.location = location;
    }

    @Override
    public PositionOutputStream create() {
      if (toInputFile().exists()) {
        throw new AlreadyExistsException("The file %s exists already", location);
      }
      return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      try {
        return new Writer(files.newOutputStream(new Path(location), true));
      } catch (IOException e) {
        throw new RuntimeIOException(e, "Cannot write %s", location);
      }
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return new Input(location);
    }
  }

  private static final class Reader extends SeekableInputStream {

    private final org.apache.paimon.fs.SeekableInputStream in;

    private Reader(org.apache.paimon.fs.SeekableInputStream in) {
      this.in = in;
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return in.read(target, offset, length);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private static final class Writer extends PositionOutputStream {

    private final org.apache.paimon.fs.PositionOutputStream out;
    private long position;

    private Writer(org.apache.paimon.fs.PositionOutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      // Iceberg asks for the length of a file when it has closed it.
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      position++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
