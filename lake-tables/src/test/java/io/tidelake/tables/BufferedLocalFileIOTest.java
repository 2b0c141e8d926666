package io.tidelake.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.paimon.fs.SeekableInputStream;
import org.apache.paimon.fs.VectoredReadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BufferedLocalFileIOTest {

  @TempDir private Path folder;

  @Test
  void readsWhatTheFileHoldsWhereverItIsPut() throws IOException {
    long seed = System.nanoTime();
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

  private static SeekableInputStream open(Path file) throws IOException {
    return new BufferedLocalFileIO().newInputStream(new org.apache.paimon.fs.Path(file.toUri()));
  }

  private static void assertSame(String at, byte[] read, byte[] content, int position, int count) {
    assertThat(Arrays.copyOf(read, count))
        .as(at)
        .isEqualTo(Arrays.copyOfRange(content, position, position + count));
  }
}
