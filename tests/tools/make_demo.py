#!/usr/bin/env python3
"""Writes the demo capture:

    python3 tests/tools/make_demo.py > session/demo.ndjson

One Mac in Setup Assistant: an automated device enrolment that the MDM server refuses at
Authenticate (401), and six minutes later a second one that goes through. The lines have the shapes
published for real systems, with example values filled in; the background is made of published
lines of ordinary processes with other numbers. Every run gives the same bytes.

Not part of the build: the capture is committed.
"""
import datetime
import json
import random
import sys
import uuid

RANDOM = random.Random(20250514)
START = datetime.datetime(2025, 5, 14, 8, 41, 2, 118394)
ZONE = "-0700"
BOOTED_BEFORE = 96.4  # seconds from boot to START
TICKS = 24_000_000    # a second, on Apple silicon

MDM = "https://mdm.example.com"
TOPIC = "com.apple.mgmt.External.00000000-1111-2222-3333-444444444444"
FRAMEWORKS = "/System/Library/PrivateFrameworks/"
SERVICES = "/System/Library/CoreServices/"

# name: (path, pid, uid)
PROCESSES = {
    "Setup Assistant": (SERVICES + "Setup Assistant.app/Contents/MacOS/Setup Assistant", 412, 248),
    "mdmclient": ("/usr/libexec/mdmclient", 318, 0),
    "teslad": ("/usr/libexec/teslad", 345, 0),
    "mobileactivationd": ("/usr/libexec/mobileactivationd", 127, 0),
    "dasd": ("/usr/libexec/dasd", 101, 0),
    "CertificateService": (FRAMEWORKS + "ConfigurationProfiles.framework/XPCServices/"
                           "CertificateService.xpc/Contents/MacOS/CertificateService", 537, 0),
    "apsd": (FRAMEWORKS + "ApplePushService.framework/apsd", 119, 0),
    "remotemanagementd": ("/usr/libexec/remotemanagementd", 566, 0),
    "appstored": (FRAMEWORKS + "AppStoreDaemon.framework/Support/appstored", 571, 0),
    "installd": (FRAMEWORKS + "PackageKit.framework/Resources/installd", 579, 0),
    "SoftwareUpdateMacController": (FRAMEWORKS + "SoftwareUpdateMacController.framework/"
                                    "SoftwareUpdateMacController", 490, 0),
    "launchd": ("/sbin/launchd", 1, 2863311530),
    "powerd": (SERVICES + "powerd.bundle/powerd", 98, 0),
    "opendirectoryd": ("/usr/libexec/opendirectoryd", 108, 0),
    "authorizationhost": ("/System/Library/Frameworks/Security.framework/Versions/A/MachServices/"
                          "authorizationhost.bundle/Contents/MacOS/authorizationhost", 430, 0),
    "coreaudiod": ("/usr/sbin/coreaudiod", 171, 202),
    "cloudd": (FRAMEWORKS + "CloudKitDaemon.framework/Support/cloudd", 402, 248),
    "geod": (FRAMEWORKS + "GeoServices.framework/Versions/A/XPCServices/"
             "com.apple.geod.xpc/Contents/MacOS/com.apple.geod", 451, 205),
    "trustd": ("/usr/libexec/trustd", 116, 282),
    "rapportd": ("/usr/libexec/rapportd", 388, 248),
    "locationd": ("/usr/libexec/locationd", 111, 205),
    "contactsd": (FRAMEWORKS + "ContactsPersistence.framework/Support/contactsd", 463, 248),
    "WindowServer": (FRAMEWORKS + "SkyLight.framework/Resources/WindowServer", 156, 88),
    "tccd": (FRAMEWORKS + "TCC.framework/Support/tccd", 131, 0),
    "kernel": ("/kernel", 0, 0),
}

LIBXPC = "/usr/lib/system/libxpc.dylib"
CFNETWORK = "/System/Library/Frameworks/CFNetwork.framework/Versions/A/CFNetwork"
LEVEL_BITS = {"Default": 0x00, "Info": 0x01, "Debug": 0x02, "Error": 0x10, "Fault": 0x11}


def image_uuid(path):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "mdmscope-demo:" + path)).upper()


def offset_of(text, span):
    """A stable number for one place in the code: the same line always comes from there."""
    return uuid.uuid5(uuid.NAMESPACE_OID, text).int % span // 4 * 4 + 1024


class Capture:
    """Collects lines as (seconds since START, number, dictionary)."""

    def __init__(self):
        self.lines = []
        self.activity = 4096
        self.threads = {}

    def thread(self, process):
        pool = self.threads.setdefault(process, [RANDOM.randrange(0x400, 0x9000)
                                                 for _ in range(RANDOM.randint(2, 5))])
        return RANDOM.choice(pool)

    def add(self, at, process, text, level="Default", subsystem="", category="", form=None,
            sender=None, thread=None, activity=0, parent=0):
        path, pid, uid = PROCESSES[process]
        sender = sender or path
        form = "%{public}@" if form is None else form
        counter = offset_of(sender + form + subsystem + category, 900_000)
        frames = [{"imageOffset": counter, "imageUUID": image_uuid(sender)}]
        if level == "Fault":
            frames += [{"imageOffset": offset_of(form + str(n), 300_000),
                        "imageUUID": image_uuid(sender if n < 5 else path)} for n in range(7)]
        trace = offset_of(form + sender, 60_000) << 32 | 0x01000004 | LEVEL_BITS[level] << 8
        if process == "launchd":
            trace, form = 0, ""
        self.lines.append((at, len(self.lines), {
            "timezoneName": "", "messageType": level, "eventType": "logEvent", "source": None,
            "formatString": form, "userID": uid, "activityIdentifier": activity,
            "subsystem": subsystem, "category": category,
            "threadID": thread if thread is not None else self.thread(process),
            "senderImageUUID": image_uuid(sender), "backtrace": {"frames": frames},
            "bootUUID": "", "processImagePath": path, "senderImagePath": sender,
            "timestamp": None, "machTimestamp": None, "eventMessage": text,
            "processImageUUID": image_uuid(path), "traceID": trace, "processID": pid,
            "senderProgramCounter": counter, "parentActivityIdentifier": parent}))

    def add_activity(self, at, process, name, sender):
        path, pid, uid = PROCESSES[process]
        self.activity += RANDOM.randint(1, 9)
        counter = offset_of(sender + name, 90_000)
        self.lines.append((at, len(self.lines), {
            "timezoneName": "", "eventType": "activityCreateEvent", "formatString": "",
            "userID": uid, "activityIdentifier": self.activity, "subsystem": "", "category": "",
            "threadID": self.thread(process), "senderImageUUID": image_uuid(sender),
            "backtrace": {"frames": [{"imageOffset": counter, "imageUUID": image_uuid(sender)}]},
            "bootUUID": "", "processImagePath": path, "senderImagePath": sender,
            "timestamp": None, "creatorActivityID": 1 << 63 | self.activity - 1,
            "machTimestamp": None, "eventMessage": name, "processImageUUID": image_uuid(path),
            "traceID": offset_of(name, 60_000) << 32 | 0x01000102, "processID": pid,
            "senderProgramCounter": counter, "parentActivityIdentifier": 0}))

    def add_state(self, at, process, text):
        path, pid, uid = PROCESSES[process]
        trace = image_uuid("/usr/lib/system/libsystem_trace.dylib")
        self.lines.append((at, len(self.lines), {
            "timezoneName": "", "eventType": "stateEvent", "formatString": "", "userID": uid,
            "activityIdentifier": self.activity, "subsystem": "", "category": "", "threadID": 0,
            "senderImageUUID": trace,
            "backtrace": {"frames": [{"imageOffset": 0, "imageUUID": trace}]},
            "bootUUID": "", "processImagePath": path, "senderImagePath": "",
            "timestamp": None, "machTimestamp": None, "eventMessage": text,
            "processImageUUID": image_uuid(path), "traceID": 0, "processID": pid,
            "senderProgramCounter": 0, "parentActivityIdentifier": 0}))

    def write(self, out):
        out.write('Filtering the log data using "TRUEPREDICATE"\n')
        last = 0
        for at, _, entry in sorted(self.lines, key=lambda line: line[:2]):
            micros = max(round(at * 1_000_000), last + RANDOM.randint(1, 40))
            last = micros
            when = START + datetime.timedelta(microseconds=micros)
            entry["timestamp"] = when.strftime("%Y-%m-%d %H:%M:%S.%f") + ZONE
            entry["machTimestamp"] = (round(BOOTED_BEFORE * TICKS) + micros * (TICKS // 1_000_000)
                                      + RANDOM.randrange(24))
            text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
            out.write(text.replace("/", "\\/") + "\n")


def soon(low=0.002, high=0.05):
    return RANDOM.uniform(low, high)


class Story:
    """The enrolment: each method writes lines at its clock and moves it on."""

    def __init__(self, capture):
        self.capture = capture
        self.at = 0.0
        self.command = 0
        self.deferred = None  # the command that was answered NotNow

    def wait(self, seconds):
        self.at += seconds

    def say(self, process, text, level="Default", subsystem="", category="", **more):
        self.capture.add(self.at, process, text, level, subsystem, category, **more)
        self.at += soon()

    def mdm(self, text, category="MDMDaemon", level="Default", thread=0x5b0, **more):
        self.say("mdmclient", text, level, "com.apple.ManagedClient", category, thread=thread,
                 **more)

    def teslad(self, text, level="Default"):
        self.say("teslad", text, level, "com.apple.CloudConfigurationDaemon")

    def setup(self, text, level="Default"):
        self.say("Setup Assistant", text, level)

    def task(self, process, status=200, number=1):
        identity = str(uuid.UUID(int=RANDOM.getrandbits(128), version=4)).upper()
        self.say(process, f"Task <{identity}>.<{number}> received response, status {status} "
                 "content K",
                 subsystem="com.apple.CFNetwork", category="Default", sender=CFNETWORK,
                 form="%{public}@ received response, status %d content %c")

    def bracket(self, name, status=200, component="MDMDaemon", thread=0x5b0, star="[*] ",
                latency=0.2):
        """A request and its answer, as category HTTPUtil prints them."""
        prefix = f"{star}[0:{component}:HTTPUtil:<{thread:#x}>] "
        self.mdm(f"{prefix}>>>>> Sending HTTP request (PUT) [{name}] >>>>>", "HTTPUtil",
                 thread=thread)
        self.wait(latency * RANDOM.uniform(0.7, 1.6))
        self.task("mdmclient", status, self.command % 7 + 1)
        self.mdm(f"{prefix}<<<<< Received HTTP response ({status}) [{name}] <<<<<", "HTTPUtil",
                 thread=thread)

    def receive(self, kind, identity=None):
        self.command += 1
        identity = identity or str(uuid.UUID(int=RANDOM.getrandbits(128), version=4))
        self.mdm(f"[*] [0:MDMDaemon:<0x5b0>] Processing server request: {kind} for: <Device> "
                 f"({identity}) PowerNap: no")
        return identity

    def answer(self, kind, identity, status="Acknowledged", latency=0.2):
        self.bracket(f"{status}({kind}):{identity}", latency=latency)

    def obey(self, kind, work=0.1, latency=0.2):
        identity = self.receive(kind)
        self.wait(work)
        self.answer(kind, identity, latency=latency)

    # -- chapters ---------------------------------------------------------------------------

    def launch_and_network(self):
        self.at = 1.4
        self.setup("Setup launch reason: initial Setup")
        self.at = 14.2
        self.setup("Attempting to join network: Example-Guest")
        self.wait(2.6)
        self.task("Setup Assistant")

    def device_identity(self):
        """The Mac is hot: dasd holds the device certificate back, teslad has to wait for it."""
        self.at = 19.3
        daemon = dict(subsystem="com.apple.mobileactivationd", category="daemon")
        self.mdm("[0:MDMDaemon:<0x540>] Calling MAEGetUCRTDEPEnrollmentStateMacOSWithError.",
                 thread=0x540)
        self.say("mobileactivationd", "UCRT DEP enrollment state requested by mdmclient", **daemon)
        self.mdm("[0:MDMDaemon:<0x540>] UCRTsmb5: DEP registered according to UCRT: "
                 "UCRTDEPStateUnavailable", thread=0x540)
        self.mdm("[0:MDMDaemon:<0x540>] CloudConfiguration: isDeviceRegisteredWithDEP:  APNS: -1  "
                 "UCRT: -1  ProvDEP: 0", thread=0x540)
        self.wait(1.1)
        self.teslad("service starting...")
        for pause in (1.7, 14.9, 15.1):
            self.wait(pause)
            self.say("dasd", "0:com.apple.mobileactivationd.UCRT.OOB:D65047:[\n"
                     "\t{name: ThermalPolicy, policyWeight: 5.000}\n"
                     " ], FinalDecision: Absolutely Must Not Proceed}",
                     subsystem="com.apple.duetactivityscheduler")
            self.wait(0.4)
            self.teslad("Error while retrieving client certificates: "
                        "Error Domain=com.apple.MobileActivation.ErrorDomain Code=-4 "
                        "\"UCRT is unavailable.\"", "Error")
            self.teslad("Retrying the request")
        self.wait(17.5)
        self.say("dasd", "0:com.apple.mobileactivationd.UCRT.OOB:D24905:[\n ] sumScores:32.210000, "
                 "denominator:38.910000, FinalDecision: Can Proceed FinalScore: 0.827808}",
                 subsystem="com.apple.duetactivityscheduler")
        self.wait(0.3)
        self.say("mobileactivationd", "Performing UCRT OOB.", **daemon)
        self.wait(3.2)
        self.say("mobileactivationd", "Successfully performed UCRT OOB.", **daemon)
        self.mdm("[0:MDMDaemon:<0x540>] CloudConfiguration: isDeviceRegisteredWithDEP:  APNS: -1  "
                 "UCRT: 1  ProvDEP: 0", thread=0x540)

    def activation_record(self):
        self.wait(2.0)
        self.teslad("Retrying the request")
        self.wait(1.6)
        self.task("teslad", number=4)
        self.teslad("Done retrieving cloud configuration")
        self.wait(0.6)
        self.remote_management_screen(1)
        self.setup("Cloud config specifies to skip License, removing TOS cookie.")

    def remote_management_screen(self, phase):
        self.setup("CPUI_CloudConfigurationWelcomeController: updateUI(0 : viewDidLoad): "
                   f"state: managed (config present); phase: {phase}; DEPNag: NO; MDMMig: NO")

    def profile_and_identity(self, scep_thread):
        self.setup("Obtaining CloudConfiguration profile using 'classic' URL in window: (null)")
        self.wait(0.9)
        self.task("Setup Assistant")
        self.setup("WebView: downloadDidFinish")
        self.wait(0.4)
        self.mdm(f"[0:Cert_PI:SCEP:<{scep_thread:#x}>] Processing MDM_SCEP_Enroll for server: "
                 f"{MDM}/scep/example", "SCEP", thread=scep_thread)
        for number in (1, 2, 3):
            self.wait(0.5)
            self.task("CertificateService", number=number)

    def refused(self):
        self.at = 118.0
        self.remote_management_screen(2)
        self.wait(5.5)
        self.profile_and_identity(0x8b46)
        self.wait(0.7)
        self.mdm("[0:MDM_PI:<0x8b4a>] Enrolling MDM of type: <DeviceEnrollment>", thread=0x8b4a)
        self.wait(0.2)
        self.bracket("MDM_Authenticate", 401, "MDM_PI", 0x8b4a, star="", latency=0.4)
        self.mdm("[ERROR] [0:MDM_PI:<0x8b4a>] [CE] XPC: InstallMDMv1Profile <system> ==> "
                 "Error Domain=MDMResponseStatus Code=401 \"(null)\"", level="Error", thread=0x8b4a)
        self.wait(0.3)
        self.mdm("[0:MDMDaemon:<0x5b0>] GetMDMv1Profiles:RemoveProfile.orphaned:com.example.mdm")
        self.mdm("[0:MDMDaemon:<0x5b0>] === CPF_GetInstalledProfiles === (<Device>)")
        self.mdm("[0:MDMDaemon:<0x5b0>] Number of <Device> profiles found: 0 (Filtered: 0)")
        self.wait(1.2)
        self.remote_management_screen(1)

    def accepted(self):
        self.at = 491.0
        self.mdm("[0:MDMDaemon:<0x540>] CloudConfiguration: isDeviceRegisteredWithDEP:  APNS: -1  "
                 "UCRT: 1  ProvDEP: 0", thread=0x540)
        self.wait(0.2)
        self.remote_management_screen(2)
        self.wait(4.4)
        self.profile_and_identity(0x9c12)
        self.wait(0.6)
        self.mdm("[0:MDM_PI:<0x9c16>] Enrolling MDM of type: <DeviceEnrollment>", thread=0x9c16)
        self.wait(0.2)
        self.bracket("MDM_Authenticate", 200, "MDM_PI", 0x9c16, star="", latency=0.5)
        self.wait(0.4)
        self.mdm("[0:MDMDaemon:<0x5b0>] MDM connection must wait for token update to complete")
        self.wait(0.9)
        self.bracket("MDM_TokenUpdate", 200, latency=0.4)
        self.mdm("[0:MDMDaemon:<0x5b0>] MDMConnection has received TokenUpdateCompleted "
                 "notification.  Will retry connection to server.")
        self.mdm("[0:MDMDaemon:<0x5b0>] -connectNow: Using updated MDM profile")
        self.wait(0.3)
        self.bracket("MDM_SetBootstrapToken", 200, latency=0.3)

    def push(self):
        self.say("apsd", "<APSCourier: 0x7f8e0c61b200>: Received message for enabled topic "
                 f"'{TOPIC}' onInterface: WiFi with payload '<private>' with priority 10 for device token: "
                 "<private>", "Info", "com.apple.apsd")
        self.wait(0.2)
        self.mdm("[0:MDMDaemon:<0x5b0>] Calling MDM_Connect (At login: no) <PushNotification> for: "
                 f"{MDM}/mdm")

    def idle(self, drained):
        self.bracket("Idle")
        if drained:
            self.mdm(f"[0:MDMDaemon:<0x5b0>] No commands from server: {drained}")

    def install_profile(self, name, identifier, number, hidden=False):
        identity = self.receive("InstallProfile")
        self.wait(0.1)
        self.mdm("[0:MDMDaemon:<0x5b0>] === CPF_InstallProfile === (<Device>)")
        self.wait(0.5)
        shown = "<private>" if hidden else f"{name} ({identifier}:{number})"
        self.mdm(f"[0:MDMDaemon:<0x5b0>] Installed configuration profile: {shown} for <Device> "
                 "(Source: MDM)", form="Installed configuration profile: %@ for %@ (Source: %@)")
        self.answer("InstallProfile", identity)

    def declarative_management(self):
        identity = self.receive("DeclarativeManagement")
        self.wait(0.1)
        self.say("remotemanagementd", "Engine enqueuing operation to process pending declarations "
                 "in database", subsystem="com.apple.dmd")
        self.answer("DeclarativeManagement", identity)
        self.wait(0.3)
        self.say("remotemanagementd", "Got back from MDM: 200",
                 subsystem="com.apple.remotemanagementd", category="mdmConduit")
        self.wait(0.4)
        self.say("remotemanagementd", "Declaration items processing complete",
                 subsystem="com.apple.remotemanagementd")
        self.wait(0.3)
        self.say("remotemanagementd", "Successfully sent status",
                 subsystem="com.apple.remotemanagementd")

    def first_commands(self):
        self.wait(2.2)
        self.push()
        self.idle(None)
        self.obey("DeviceInformation", 0.2)
        identity = self.receive("SecurityInfo")
        self.wait(0.2)
        self.answer("SecurityInfo", identity)
        self.obey("InstalledApplicationList", 1.8)
        self.obey("CertificateList", 0.2)
        self.install_profile("Wi-Fi", "com.example.wifi", 1041)
        self.install_profile("", "", 0, hidden=True)
        self.install_profile("Restrictions", "com.example.restrictions", 1044)
        self.declarative_management()
        identity = self.receive("InstallApplication")
        self.mdm("[0:MDMDaemon:<0x5b0>] Responding 'NotNow' to server request: InstallApplication "
                 "for: <Device> reason: Not supported while waiting for DeviceConfigured")
        self.answer("InstallApplication", identity, "NotNow")
        self.deferred = identity
        self.obey("ProfileList", 0.3)
        self.mdm("[0:MDMDaemon:<0x5b0>] === CPF_GetInstalledProfiles === (<Device>)")
        self.mdm("[0:MDMDaemon:<0x5b0>] Number of <Device> profiles found: 4 (Filtered: 0)")
        self.idle("<private>")

    def release(self):
        self.at = 560.0
        self.push()
        self.idle(None)
        self.obey("AccountConfiguration", 0.6)
        self.obey("DeviceConfigured", 0.2)
        self.idle(f"{MDM}/mdm")

    def install_application(self):
        """The command that got NotNow comes again and is taken; the install follows later."""
        self.at = 597.0
        self.push()
        self.idle(None)
        app = "47F55BA4-ABFA-4664-AF9C-FDB3718CECED"
        identity = self.receive("InstallApplication", self.deferred)
        self.mdm(f"[0:MDMAgent:ManagedApps:<0x20b>] StartInstall using UUID: {app} for MDM "
                 "'com.example.mdm'", "ManagedApps", thread=0x20b)
        self.mdm(f"InstallApplication (UUID:{app}) (iOS: no) manifest: yes", "InstallApplication",
                 thread=0x20b)
        self.answer("InstallApplication", identity)
        self.mdm("Calling AppStore -submitManifestRequest.  ID: 1  Platform: <macos>  "
                 "Manifest: no  URL: YES  Certs: no  Pinning: no", "AppStore", thread=0x20b)
        self.wait(0.5)
        self.say("appstored", "Current Path: " + PROCESSES["appstored"][0],
                 subsystem="com.apple.appstored")
        for number in range(1, 9):
            self.wait(RANDOM.uniform(0.5, 1.6))
            self.task("appstored", number=number)
        self.wait(1.0)
        self.say("installd", "PackageKit: ----- Begin install -----", subsystem="com.apple.install")
        self.wait(7.4)
        self.say("installd", "PackageKit: ----- End install -----", subsystem="com.apple.install")
        self.wait(0.6)
        self.mdm(f"[0:MDMAgent:ManagedApps:<0x20b>] Install '{app}' finished.  Sucess: YES  "
                 "Error: (null)", "ManagedApps", thread=0x20b)

    def filevault_and_rest(self):
        self.at = 648.0
        self.push()
        self.idle(None)
        self.obey("InstalledApplicationList", 1.2)
        identity = self.receive("SecurityInfo")
        self.mdm("[0:MDMDaemon:FVEscrow:<0x5b0>] Saved PRK escrow file: YES  Length: 460",
                 "FVEscrow")
        self.wait(0.2)
        self.answer("SecurityInfo", identity)
        self.declarative_management()
        self.idle(f"{MDM}/mdm")
        self.at = 702.0
        self.push()
        self.idle(None)
        self.obey("DeviceInformation", 0.2)
        self.idle(f"{MDM}/mdm")

    def tell(self):
        self.launch_and_network()
        self.device_identity()
        self.activation_record()
        self.refused()
        self.accepted()
        self.first_commands()
        self.release()
        self.install_application()
        self.filevault_and_rest()


# -- background ---------------------------------------------------------------------------------

XPC_NAMES = ("com.apple.tccd", "com.apple.cfprefsd.daemon", "com.apple.cfprefsd.agent",
             "com.apple.lsd.mapdb", "com.apple.securityd.xpc", "com.apple.trustd",
             "com.apple.system.opendirectoryd.api", "com.apple.analyticsd", "com.apple.nehelper",
             "com.apple.usymptomsd", "com.apple.distributed_notifications@Uv3",
             "com.apple.mobileactivationd")
XPC_CLIENTS = ("Setup Assistant", "mdmclient", "trustd", "rapportd", "locationd", "contactsd",
               "cloudd", "geod", "WindowServer", "tccd", "opendirectoryd", "apsd", "dasd", "powerd",
               "SoftwareUpdateMacController", "authorizationhost")


def xpc_connection(capture, at):
    process = RANDOM.choice(XPC_CLIENTS)
    capture.add(at, process, f"[{RANDOM.randrange(0x100d00000, 0x15f000000, 16):#x}] activating "
                "connection: mach=true listener=false peer=false "
                f"name={RANDOM.choice(XPC_NAMES)}", "Default", "com.apple.xpc", "connection",
                form="[%p] %{public}s connection: mach=%{bool}d listener=%{bool}d peer=%{bool}d "
                     "name=%{public}s", sender=LIBXPC)


def activity(capture, at):
    name, sender = RANDOM.choice((
        ("TCCAccessRequest() IPC", FRAMEWORKS + "TCC.framework/TCC"),
        ("Loading Preferences From User Session CFPrefsD",
         "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation"),
        ("Loading Preferences From User Session CFPrefsD",
         "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation"),
        ("Activity for state dumps", "/usr/lib/system/libsystem_trace.dylib")))
    capture.add_activity(at, RANDOM.choice(XPC_CLIENTS), name, sender)


def network_task(capture, at):
    identity = str(uuid.UUID(int=RANDOM.getrandbits(128), version=4)).upper()
    process = RANDOM.choice(("cloudd", "geod", "trustd", "rapportd"))
    number = RANDOM.randint(1, 40)
    if RANDOM.random() < 0.06:
        code, words = RANDOM.choice((
            (-1003, "A server with the specified hostname could not be found."),
            (-1001, "The request timed out."),
            (-1009, "The Internet connection appears to be offline.")))
        capture.add(at, process, f"Task <{identity}>.<{number}> finished with error [{code}] "
                    f"Error Domain=NSURLErrorDomain Code={code} \"{words}\"", "Error",
                    "com.apple.CFNetwork", "Default", sender=CFNETWORK,
                    form="%{public}@ finished with error [%ld] %{public}@")
        return
    capture.add(at, process, f"Task <{identity}>.<{number}> received response, status "
                f"{RANDOM.choice((200, 200, 200, 204, 304, 404))} content K", "Default",
                "com.apple.CFNetwork", "Default", sender=CFNETWORK,
                form="%{public}@ received response, status %d content %c")


def synced_defaults(capture, at):
    sender = FRAMEWORKS + "SyncedDefaults.framework/SyncedDefaults"
    if RANDOM.random() < 0.5:
        capture.add(at, "contactsd", "Registering for UI change notifications on iOS / tvOS",
                    "Debug", "com.apple.kvs", "Connection", sender=sender,
                    form="Registering for UI change notifications on iOS / tvOS")
        return
    addresses = ", ".join(f"{RANDOM.randrange(0x101000000, 0x10f000000, 16):#x}" for _ in range(1))
    capture.add(at, "contactsd", "Initializing SYDClientToDaemonConnection with configuration "
                f"<SYDStoreConfiguration: {addresses}; storeID=<SYDStoreID: {addresses}; "
                "identifier=com.apple.contacts.favorites type=EndToEndEncryptionAllPlatforms>> "
                "store <(com.apple.contacts.favorites)>", "Info", "com.apple.kvs", "Connection",
                sender=sender, form="Initializing %@ with configuration %@ store <(%@)>")


def launch_request(capture, at):
    service = RANDOM.choice(("PosterBoard", "Setup", "geod", "contactsd", "rapportd"))
    capture.add(at, "Setup Assistant", "Sending launch request: <RBSLaunchRequest| osservice<com."
                f"apple.{service}>; \"FBApplicationProcess\">", "Info", "com.apple.runningboard",
                "general", form="Sending launch request: %{public}@",
                sender=FRAMEWORKS + "RunningBoardServices.framework/RunningBoardServices")


def battery(capture, at):
    event = RANDOM.choice((0x80061, 0x80062))
    capture.add(at, "powerd", f"Battery capacity change posted({event:#x}). "
                f"Capacity:{97 - int(at // 170)} Source:Batt", "Default", "com.apple.powerd",
                "battery", form="Battery capacity change posted(0x%llx). Capacity:%d Source:%{public}s\n")


def volume(capture, at):
    old, new = RANDOM.random(), RANDOM.random()
    capture.add(at, "coreaudiod", f"Volume update from PID = 412 Control ID = 262 Scalar volume "
                f"{old:.6f} -> {new:.6f} Element = 0", "Default", "com.apple.bluetooth", "BTAudio",
                sender="/System/Library/Audio/Plug-Ins/HAL/BTAudioHALPlugin.driver/Contents/MacOS/"
                       "BTAudioHALPlugin",
                form="Volume update from PID = %d Control ID = %d Scalar volume %f -> %f "
                     "Element = %d")


def registering(capture, at):
    capture.add(at, "contactsd", f"Registering <FTDeviceSupport: "
                f"{RANDOM.randrange(0x101000000, 0x10f000000, 16):#x}> for lockdown changes",
                "Default", "com.apple.IDS", "Registration", form="Registering %@ for lockdown changes",
                sender=FRAMEWORKS + "FTServices.framework/FTServices")


def contacts_check(capture, at):
    capture.add(at, "contactsd", "SettingsDefaultAppsService will perform check.", "Default",
                "com.apple.contacts.contactsd", "settingsDefaultApps",
                form="SettingsDefaultAppsService will perform check.")


def launch_services(capture, at):
    capture.add(at, "contactsd", "error binding com.apple.default-app.phone in "
                "bundleUnitsClaimingDefaultAppCategory: Error Domain=NSOSStatusErrorDomain "
                "Code=-10814 \"(null)\" UserInfo={_LSFile=LSBindingEvaluator.mm, _LSLine=1973, "
                "_LSFunction=runEvaluator}", "Error", "com.apple.launchservices", "default",
                sender="/System/Library/Frameworks/CoreServices.framework/CoreServices",
                form="error binding %{public}@ in %s: %@")


def directory(capture, at):
    capture.add(at, "opendirectoryd", "Authentication failed for <private> "
                "(00000000-0000-0000-0000-000000000000): ODErrorCredentialsInvalid", "Default",
                "com.apple.opendirectoryd", "auth",
                form="Authentication failed for %{private}s (%{public}s): %{public}s")


def authorization(capture, at):
    capture.add(at, "authorizationhost", "Failed to authenticate user <<private>> (error: 9).",
                "Error", "com.apple.Authorization", "AuthorizationHost",
                form="Failed to authenticate user <%s> (error: %d).")


def service_setting(capture, at):
    capture.add(at, "launchd", "Setting service "
                f"{RANDOM.choice(('com.openssh.sshd', 'com.apple.screensharing'))} to "
                f"{RANDOM.choice(('enabled', 'disabled'))} (initiated by smd[389])",
                "Default", "system")


# Harmless lines at the level of failures, from the enrolment's own daemons.
def database_probe(capture, at):
    capture.add(at, "mdmclient", "cannot open file at line 53007 of [8fa8248e30]", "Error",
                "com.apple.libsqlite3", form="%{public}s", sender="/usr/lib/libsqlite3.dylib")


def push_restarted(capture, at):
    capture.add(at, "mdmclient", "Connection Invalid for service com.apple.apsd", "Error",
                "com.apple.apsd", form="Connection Invalid for service %{public}@",
                sender=FRAMEWORKS + "ApplePushService.framework/ApplePushService")


def push_topics(capture, at):
    capture.add(at, "apsd", "Unable to get entitled topics. Error: Error Domain=NSPOSIXErrorDomain "
                "Code=3 No such process", "Fault", "com.apple.apsd",
                form="Unable to get entitled topics. Error: %{public}@")


def update_settings(capture, at):
    capture.add(at, "SoftwareUpdateMacController", "-[SUCorePolicyDDMConfiguration "
                "currentGlobalSettingsDeclaration]_block_invoke: Current global settings "
                "declaration is nil", "Error", "com.apple.SoftwareUpdateMacController",
                form="%{public}s: Current global settings declaration is nil")


BACKGROUND = ((xpc_connection, 44), (activity, 15), (network_task, 12), (synced_defaults, 8),
              (launch_request, 4), (battery, 3), (volume, 2), (registering, 3), (contacts_check, 2),
              (launch_services, 2), (directory, 1), (authorization, 1), (service_setting, 1),
              (database_probe, 1.2), (push_restarted, 0.5), (push_topics, 0.6),
              (update_settings, 0.7))


def background(capture, length, count):
    """Bursts and quiet: a few moments draw most of the lines, the rest is spread thinly."""
    bursts = [0.8, 15.5, 17.0, 88.0, 118.5, 131.0, 301.0, 302.5, 491.5, 503.0, 512.0, 523.0, 561.0,
              598.0, 619.0, 649.5, 703.0]
    makers, weights = zip(*BACKGROUND)
    for _ in range(count):
        if RANDOM.random() < 0.55:
            at = RANDOM.choice(bursts) + RANDOM.expovariate(1 / 0.9)
        else:
            at = RANDOM.uniform(0.0, length)
        if 210.0 < at < 290.0 and RANDOM.random() < 0.8:
            at = RANDOM.uniform(0.0, 140.0)
        RANDOM.choices(makers, weights)[0](capture, min(max(at, 0.0), length))


def main():
    capture = Capture()
    story = Story(capture)
    story.tell()
    capture.add_state(302.2, "contactsd", "TCC Authorization Cache\n{\n    kTCCServiceAddressBook = "
                      "    {\n        \"<Credential (0x101604b60) | Requestor>\" = "
                      "\"<Authorization Record (0x101610c80) | Service: kTCCServiceAddressBook, "
                      "AuthRight: Allowed, Reason: Entitled, Version: 2, >\";\n    };\n}")
    background(capture, story.at + 14.0, 2000 - len(capture.lines))
    capture.write(sys.stdout)


if __name__ == "__main__":
    main()
