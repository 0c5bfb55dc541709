using System.Runtime.InteropServices;
using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Json;

/// <summary>Step Functions' payload quota: 262,144 bytes of UTF-8 JSON text for any input, output or result.</summary>
internal static class PayloadLimit
{
    public const int Bytes = 262_144;

    public static bool Exceeds(JsonElement value)
    {
        // The text that the value was parsed from bounds the compact text, save for letters written as \u escapes, which only get shorter.
        if (JsonMarshal.GetRawUtf8Value(value).Length <= Bytes)
        {
            return false;
        }

        return JsonBuild.CompactBytes(value).Length > Bytes;
    }

    /// <exception cref="StateFailedException">States.DataLimitExceeded, which <c>States.ALL</c> does not catch.</exception>
    public static void Check(JsonElement value, string what)
    {
        if (Exceeds(value))
        {
            throw new StateFailedException(
                StatesErrors.DataLimitExceeded,
                $"{what} is larger than the payload limit of {Bytes} bytes. Pass a pointer to the data instead of the data.");
        }
    }
}
