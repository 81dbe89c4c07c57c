/** One running instance: wires the rooms, starts, drains and stops them. Imports all. */
@NullMarked
package dev.realtime.node;

import org.jspecify.annotations.NullMarked;
