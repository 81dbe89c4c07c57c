package dev.realtime.bench.engine;

/** A server of a measurement's own. */
interface Started extends AutoCloseable {

	/** Where nodes find it, as {@link RelayChoice#address()}. */
	String address();

	/** Processor time of all its processes, in seconds. */
	double cpuSeconds();

	/** Ends it; within 10 s. */
	@Override
	void close();

}
