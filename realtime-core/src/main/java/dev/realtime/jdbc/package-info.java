/**
 * What all parts that keep something in the application's database share: the database
 * and its sessions, transactions, dialects, failures, escaped text and the schema.
 * Imports loop.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.jdbc;

import org.jspecify.annotations.NullMarked;
