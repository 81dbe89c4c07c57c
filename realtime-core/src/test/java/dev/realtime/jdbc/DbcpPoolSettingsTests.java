package dev.realtime.jdbc;

import java.sql.SQLException;

import javax.sql.DataSource;

import org.apache.commons.dbcp2.DataSourceConnectionFactory;
import org.apache.commons.dbcp2.PoolableConnection;
import org.apache.commons.dbcp2.PoolableConnectionFactory;
import org.apache.commons.dbcp2.PoolingDataSource;
import org.apache.commons.pool2.impl.GenericObjectPool;

class DbcpPoolSettingsTests extends PoolSettingsContract {

	@Override
	protected DataSource pool(DataSource driver) {
		PoolableConnectionFactory factory = new PoolableConnectionFactory(new DataSourceConnectionFactory(driver),
				null);
		GenericObjectPool<PoolableConnection> pool = new GenericObjectPool<>(factory);
		pool.setMaxTotal(1);
		factory.setPool(pool);
		return new PoolingDataSource<>(pool);
	}

	@Override
	protected void close(DataSource pool) throws SQLException {
		((PoolingDataSource<?>) pool).close();
	}

}
