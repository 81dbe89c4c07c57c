package dev.realtime.jdbc;

/** Which ends of a transaction a statement contains. */
public enum TransactionEnds {

	NEITHER, BEGIN, BOTH

}
