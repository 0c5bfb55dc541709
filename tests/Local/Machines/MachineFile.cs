using System.Runtime.CompilerServices;

namespace CacheBackup.Local.Tests.Machines;

/// <summary>The machines as they stand in the repository.</summary>
internal static class MachineFile
{
    public static string Read(string machine, [CallerFilePath] string here = "") => File.ReadAllText(
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "statemachines", $"{machine}.asl.json"));
}
