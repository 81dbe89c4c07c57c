package dev.realtime.spring.publisher;

import java.util.HashSet;
import java.util.Set;

import org.springframework.transaction.support.TransactionSynchronization;

/**
 * A synchronization that knows whether the work it stands for was undone, because the
 * transaction was rolled back to a savepoint that is older than it. Confined to the
 * transaction's thread.
 */
public abstract class SavepointAware implements TransactionSynchronization {

	/** Those made after the work. */
	private final Set<Object> laterSavepoints = new HashSet<>();

	private boolean undone;

	/** Whether a rollback to a savepoint has undone the work. */
	protected final boolean isUndone() {
		return this.undone;
	}

	@Override
	public final void savepoint(Object savepoint) {
		this.laterSavepoints.add(savepoint);
	}

	@Override
	public final void savepointRollback(Object savepoint) {
		this.undone |= !this.laterSavepoints.contains(savepoint);
	}

}
