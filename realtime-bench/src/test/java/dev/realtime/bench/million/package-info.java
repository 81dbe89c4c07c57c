/** Tests of the crowd. */
@NullMarked
package dev.realtime.bench.million;

import org.jspecify.annotations.NullMarked;
