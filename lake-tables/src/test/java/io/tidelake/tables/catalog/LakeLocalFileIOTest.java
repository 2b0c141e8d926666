/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.apache.paimon.fs.SeekableInputStream;
import org.apache.paimon.fs.VectoredReadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeLocalFileIOTest {

  @TempDir private Path folder;

  @Test
  void readsWhatTheFileHoldsWhereverItIsPut() throws IOException {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int size : new int[] {0, 1, 8191, 8192, 8193, 100_000}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      Path file = Files.write(folder.resolve("f" + size), content);
      try (SeekableInputStream in = open(file)) {
        int position = 0;
        for (int i = 0; i < 2000; i++) {
          String at = "seed " + seed + ", size " + size + ", step " + i;
          switch (random.nextInt(4)) {
            case 0 -> {
              position = random.nextInt(size + 1);
              in.seek(position);
            }
            case 1 -> {
              int expected = position < size ? content[position++] & 0xff : -1;
              assertThat(in.read()).as(at).isEqualTo(expected);
            }
            case 2 -> {
              byte[] read = new byte[random.nextInt(20_000)];
              int count = in.read(read, 0, read.length);
              int atEnd = read.length == 0 ? 0 : -1;
              assertThat(count).as(at).isGreaterThanOrEqualTo(atEnd);
              assertThat(count == atEnd).as(at).isEqualTo(read.length == 0 || position == size);
              assertSame(at, read, content, position, Math.max(count, 0));
              position += Math.max(count, 0);
            }
            default -> {
              int from = random.nextInt(size + 1);
              byte[] read = new byte[random.nextInt(size - from + 1)];
              ((VectoredReadable) in).preadFully(from, read, 0, read.length);
              assertSame(at, read, content, from, read.length);
            }
          }
          assertThat(in.getPos()).as(at).isEqualTo(position);
        }
      }
    }
  }

  @Test
  void saysThatAFileIsMissing() {
    assertThatThrownBy(() -> open(folder.resolve("none")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("none");
  }

  @Test
  void oneOfSeveralProcessesWritesAFile() throws Exception {
    int writers = 3;
    int files = 2_000;
    CyclicBarrier start = new CyclicBarrier(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<Integer>> written = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      BiPredicate<Path, String> writer = writerOfAnotherProcess();
      written.add(
          threads.submit(
              () -> {
                start.await(30, TimeUnit.SECONDS);
                return (int)
                    IntStream.range(0, files)
                        .filter(file -> writer.test(folder.resolve("snapshot-" + file), "content"))
                        .count();
              }));
    }
    int successes = 0;
    for (Future<Integer> count : written) {
      successes += count.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
    assertThat(successes).isEqualTo(files);
    assertThat(folder.toFile().list()).as("nothing else stays").hasSize(files);
  }

  /**
   * A writer with classes of its own: like one in another process it shares no lock with others.
   */
  private static BiPredicate<Path, String> writerOfAnotherProcess() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      classPath.add(Path.of(entry).toUri().toURL());
    }
    URLClassLoader classes =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    Class<?> pathType = classes.loadClass("org.apache.paimon.fs.Path");
    Constructor<?> files =
        classes.loadClass(LakeLocalFileIO.class.getName()).getDeclaredConstructor();
    files.setAccessible(true);
    Object io = files.newInstance();
    Method write =
        classes
            .loadClass("org.apache.paimon.fs.FileIO")
            .getMethod("tryToWriteAtomic", pathType, String.class);
    return (file, content) -> {
      try {
        Object path = pathType.getConstructor(URI.class).newInstance(file.toUri());
        return (boolean) write.invoke(io, path, content);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static SeekableInputStream open(Path file) throws IOException {
    return new LakeLocalFileIO().newInputStream(new org.apache.paimon.fs.Path(file.toUri()));
  }

  private static void assertSame(String at, byte[] read, byte[] content, int position, int count) {
    assertThat(Arrays.copyOf(read, count))
        .as(at)
        .isEqualTo(Arrays.copyOfRange(content, position, position + count));
  }
}
