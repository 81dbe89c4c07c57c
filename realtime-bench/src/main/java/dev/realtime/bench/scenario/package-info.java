/** What is measured: each scenario drives one server and returns figures. */
@NullMarked
package dev.realtime.bench.scenario;

import org.jspecify.annotations.NullMarked;
