namespace CacheBackup.Core.Restores;

public interface IRestoreTarget;
