using CacheBackup.Core;

namespace CacheBackup.Local.Client;

/// <summary>The service refused a call, or could not be asked; the message is the service's own where it gave one.</summary>
/// <param name="status">The HTTP status; null: there was no answer.</param>
/// <param name="code">The problem's code, where the answer was a problem.</param>
public sealed class ServiceProblemException(string message, int? status = null, string? code = null, Exception? innerException = null)
    : PermanentException(message, innerException)
{
    public int? Status => status;

    public string? Code => code;
}
