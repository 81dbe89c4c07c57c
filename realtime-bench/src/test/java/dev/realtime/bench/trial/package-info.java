@NullMarked
package dev.realtime.bench.trial;

import org.jspecify.annotations.NullMarked;
