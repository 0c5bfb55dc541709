using CacheBackup.Functions.Settings;

namespace CacheBackup.Bootstrap;

/// <summary>An environment variable is missing, or does not say what it should.</summary>
internal sealed class InvalidSettingException(ServiceSetting setting, string problem, Exception? innerException = null)
    : Exception($"{setting.Name} {problem}. It is: {setting.Meaning}", innerException);
