/**
 * Measures this project beside what people would otherwise use. {@code server} is one
 * server under test, {@code run} drives servers in processes of their own and prints
 * tables, {@code load} drives a deployment of an application. Never published.
 */
@NullMarked
package dev.realtime.bench;

import org.jspecify.annotations.NullMarked;
