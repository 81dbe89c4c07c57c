/** Tables, JSON files and charts of what was measured. */
@NullMarked
package dev.realtime.bench.report;

import org.jspecify.annotations.NullMarked;
