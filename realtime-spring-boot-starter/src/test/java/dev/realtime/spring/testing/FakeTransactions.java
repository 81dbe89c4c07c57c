package dev.realtime.spring.testing;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Transactions that only note what happens to them; for one thread. */
public final class FakeTransactions extends AbstractPlatformTransactionManager {

	private final transient RecordingPublisher published;

	private transient @Nullable Object current;

	private String events = "";

	private int publishedAtCommit = -1;

	/** Looks at what the publisher had when it commits. */
	public FakeTransactions(RecordingPublisher published) {
		this.published = published;
		setNestedTransactionAllowed(true);
	}

	@Override
	protected Object doGetTransaction() {
		return new FakeTransaction();
	}

	@Override
	protected boolean isExistingTransaction(Object transaction) {
		return this.current != null;
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		this.events += "begin ";
		this.current = transaction;
	}

	@Override
	protected Object doSuspend(Object transaction) {
		Object suspended = Objects.requireNonNull(this.current);
		this.current = null;
		return suspended;
	}

	@Override
	protected void doResume(@Nullable Object transaction, Object suspended) {
		this.current = suspended;
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		this.events += "commit ";
		this.publishedAtCommit = this.published.published().size();
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		this.events += "rollback ";
	}

	@Override
	protected void doSetRollbackOnly(DefaultTransactionStatus status) {
		this.events += "rollback-only ";
	}

	@Override
	protected void doCleanupAfterCompletion(Object transaction) {
		this.current = null;
	}

	/** What happened so far, such as "begin commit ". */
	public String events() {
		return this.events;
	}

	/** How many messages were published before the last commit. */
	public int publishedAtCommit() {
		return this.publishedAtCommit;
	}

	/** Can be rolled back to savepoints, which only Spring's synchronizations notice. */
	private static final class FakeTransaction implements SavepointManager {

		@Override
		public Object createSavepoint() {
			return new Object();
		}

		@Override
		public void rollbackToSavepoint(Object savepoint) {
		}

		@Override
		public void releaseSavepoint(Object savepoint) {
		}

	}

}
