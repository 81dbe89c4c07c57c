@NullMarked
package dev.realtime.balance;

import org.jspecify.annotations.NullMarked;
